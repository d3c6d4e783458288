package io.batchflow.spring.data;

import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;

/** The database generates the id. The price must be positive. */
record Product(@Id @Nullable Long id, String name, int price) {}
