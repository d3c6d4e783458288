package io.batchflow.spring.data;

import io.batchflow.spring.data.MoneyConverters.Money;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Embedded;
import org.springframework.data.relational.core.mapping.Embedded.OnEmpty;

/** Has an enum, a value with a converter, and an embedded object. */
record Parcel(
    @Id @Nullable Long id,
    Speed speed,
    Money price,
    @Embedded(onEmpty = OnEmpty.USE_NULL, prefix = "to_") @Nullable Place target) {

  enum Speed {
    SLOW,
    FAST
  }

  record Place(String city, @Nullable String street) {}
}
