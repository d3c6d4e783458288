package io.batchflow.spring.boot.aot;

import io.batchflow.annotation.Column;
import io.batchflow.annotation.Embedded;
import io.batchflow.annotation.Table;
import io.batchflow.spi.ColumnCodec;

/** A row of an application that is compiled ahead of time. */
@Table("shipments")
record Shipment(long id, @Embedded Place to, @Column(codec = Upper.class) String label) {

  record Place(String city) {}

  static final class Upper implements ColumnCodec<String> {

    @Override
    public Object encode(String value) {
      return value.toUpperCase(java.util.Locale.ROOT);
    }
  }
}
