package io.batchflow.spring.data;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;

/** Has lists of values, which not every database supports. */
record Post(@Id @Nullable Long id, List<String> tags, List<Integer> votes) {}
