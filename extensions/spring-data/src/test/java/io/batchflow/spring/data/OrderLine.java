package io.batchflow.spring.data;

import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Embedded;
import org.springframework.data.relational.core.mapping.Embedded.OnEmpty;

/** Has a composite id. */
record OrderLine(@Id @Embedded(onEmpty = OnEmpty.USE_NULL) @Nullable LineId id, int amount) {

  record LineId(long orderId, int lineNumber) {}
}
