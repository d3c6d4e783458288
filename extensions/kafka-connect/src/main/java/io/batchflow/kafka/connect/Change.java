package io.batchflow.kafka.connect;

import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a record tells: the state of a row, or its end. An event of Debezium is taken out of its
 * envelope.
 *
 * @param value the fields of the row; null if the row is deleted
 * @param before the fields of a deleted row, as far as they are known
 */
record Change(Fields key, @Nullable Fields value, Fields before) {

  private static final String ENVELOPE = ".Envelope";

  static Change of(SinkRecord record) {
    Fields key = new Fields(record.keySchema(), record.key());
    Object value = record.value();
    if (value == null) {
      return new Change(key, null, Fields.NONE);
    }
    Fields all = new Fields(record.valueSchema(), value);
    if (!isEnvelope(record.valueSchema(), value)) {
      return new Change(key, all, Fields.NONE);
    }
    Object operation = all.get("op");
    return switch (String.valueOf(operation)) {
      case "c", "r", "u" -> new Change(key, all.nested("after"), Fields.NONE);
      case "d" -> new Change(key, null, all.nested("before"));
      case "t" ->
          throw new DataException(
              "A truncate of the source is not applied. Truncate the table yourself if you want"
                  + " it");
      default -> throw new DataException("The operation of the event is not known");
    };
  }

  private static boolean isEnvelope(@Nullable Schema schema, Object value) {
    if (value instanceof Struct) {
      return schema != null && schema.name() != null && schema.name().endsWith(ENVELOPE);
    }
    return value instanceof Map<?, ?> map
        && map.containsKey("op")
        && map.containsKey("source")
        && (map.containsKey("after") || map.containsKey("before"));
  }
}
