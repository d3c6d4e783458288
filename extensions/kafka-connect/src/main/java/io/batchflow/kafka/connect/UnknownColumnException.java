package io.batchflow.kafka.connect;

import org.apache.kafka.connect.errors.DataException;

/** A field has no column. */
final class UnknownColumnException extends DataException {

  UnknownColumnException(String table, String column) {
    super(
        "The table '"
            + table
            + "' has no column '"
            + column
            + "'. Add it, set schema.evolution=basic, or leave the field out with"
            + " field.exclude.list");
  }
}
