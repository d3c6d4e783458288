package io.batchflow.spring.data;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;

/** Has a relation, which Spring Data R2DBC does not support. */
record Basket(@Id @Nullable Long id, List<Product> products) {}
