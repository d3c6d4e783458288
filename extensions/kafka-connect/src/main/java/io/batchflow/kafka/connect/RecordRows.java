package io.batchflow.kafka.connect;

import io.batchflow.Row;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Turns records into rows of their table. Used by one thread at a time. */
final class RecordRows {

  private final SinkConfig config;
  private final ConnectValues values = new ConnectValues();

  RecordRows(SinkConfig config) {
    this.config = config;
  }

  /**
   * Returns the row of a record.
   *
   * @throws RuntimeException if it has none; the record is then errant
   */
  Row row(SinkRecord record, TargetTable table) {
    Change change = Change.of(record);
    Fields value = change.value();
    if (value == null) {
      return delete(record, change, table);
    }
    Row row = table.schema.row();
    value.visit(
        (name, schema, each) -> {
          if (config.isStored(name)) {
            set(row, table, config.column(name), schema, each);
          }
        });
    setKey(row, table, record, change.key());
    return row;
  }

  private Row delete(SinkRecord record, Change change, TargetTable table) {
    if (!config.deletes) {
      throw new DataException(
          "The record deletes a row. Set delete.enabled=true, or drop such records with a"
              + " transformation");
    }
    Row row = table.schema.delete();
    if (config.keyMode == KeyMode.RECORD_VALUE) {
      List<String> names = config.keyFields.isEmpty() ? table.key : config.keyFields;
      names.forEach(name -> setKeyField(row, table, change.before().nested(name), name));
    } else {
      setKey(row, table, record, change.key());
    }
    return row;
  }

  private void setKey(Row row, TargetTable table, SinkRecord record, Fields key) {
    switch (config.keyMode) {
      case KAFKA -> {
        List<String> columns = config.keyFields;
        row.set(table.position(columns.get(0)), record.originalTopic());
        row.set(table.position(columns.get(1)), record.originalKafkaPartition());
        row.set(table.position(columns.get(2)), record.originalKafkaOffset());
      }
      case RECORD_KEY -> setRecordKey(row, table, key);
      case RECORD_HEADER -> {
        for (String name : config.keyFields) {
          Header header = record.headers().lastWithName(name);
          if (header == null) {
            throw new DataException("The record has no header '" + name + "', which is its key");
          }
          setKeyField(row, table, new Fields(header.schema(), header.value()), name);
        }
      }
      default -> {}
    }
  }

  private void setRecordKey(Row row, TargetTable table, Fields key) {
    if (key.isNamed()) {
      if (config.keyFields.isEmpty()) {
        key.visit((name, schema, each) -> set(row, table, config.column(name), schema, each));
      } else {
        config.keyFields.forEach(name -> setKeyField(row, table, key.nested(name), name));
      }
    } else if (key.value() == null) {
      throw new DataException("The record has no key, but primary.key.mode is record_key");
    } else if (table.key.size() == 1) {
      set(row, table, table.key.get(0), key.schema(), key.value());
    } else {
      throw new DataException(
          "The key of the record is a single value, but the key of the table has the columns "
              + String.join(", ", table.key));
    }
  }

  /** A row without a value in its key would equal no other row. */
  private void setKeyField(Row row, TargetTable table, Fields field, String name) {
    if (field.value() == null) {
      throw new DataException("The record has no value for '" + name + "', which is its key");
    }
    set(row, table, config.column(name), field.schema(), field.value());
  }

  private void set(
      Row row, TargetTable table, String column, @Nullable Schema schema, @Nullable Object value) {
    int position = table.position(column);
    if (value != null || table.storesNull) {
      Object stored = values.of(schema, value);
      table.check(position, schema, stored);
      row.set(position, stored);
    }
  }
}
