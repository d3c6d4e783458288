package io.batchflow.spring.data;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.CreatedDate;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.LastModifiedDate;
import org.springframework.data.annotation.Version;

/** A callback sets the id, auditing the time, and Spring Data the version. */
record Stock(
    @Id @Nullable UUID id,
    String skuName,
    @CreatedDate @Nullable Instant createdAt,
    @LastModifiedDate @Nullable Instant changedAt,
    @Version @Nullable Long version) {

  Stock withId(UUID id) {
    return new Stock(id, skuName, createdAt, changedAt, version);
  }
}
