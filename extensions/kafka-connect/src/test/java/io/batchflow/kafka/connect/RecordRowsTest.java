package io.batchflow.kafka.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordRowsTest {

  private final TargetTable table =
      new TargetTable(
          io.batchflow.Schema.table("orders")
              .columns("ID", "item", "day", "time", "topic", "part", "pos")
              .conflictKey("ID")
              .onConflict(ConflictStrategy.UPDATE)
              .build(),
          List.of("ID"),
          true,
          new RealTable(
              List.of("ORDERS"),
              Map.of("item", Objects.requireNonNull(ColumnLimit.of("varchar(20)")))));

  private final Map<String, String> options =
      new HashMap<>(
          Map.of(
              "connection.url", "r2dbc:postgresql://h/d",
              "insert.mode", "upsert",
              "primary.key.mode", "record_key"));

  private static SinkRecord record(@Nullable Object key, @Nullable Object value) {
    return new SinkRecord("t", 3, null, key, null, value, 42, 0L, TimestampType.CREATE_TIME);
  }

  private Row row(SinkRecord record) {
    return new RecordRows(new SinkConfig(options)).row(record, table);
  }

  private void assertErrant(SinkRecord record, String message) {
    assertThatThrownBy(() -> row(record))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }

  @Test
  void fieldsBecomeColumnsWithoutCase() {
    Row row = row(record(7L, Map.of("ITEM", "tea")));

    assertThat(row.value("ID")).isEqualTo(7L);
    assertThat(row.value("item")).isEqualTo("tea");
  }

  @Test
  void theKeyMayHaveFields() {
    assertThat(row(record(Map.of("id", 7L), Map.of("item", "tea"))).value("ID")).isEqualTo(7L);
  }

  @Test
  void theKeyMayBeThePlaceOfTheRecord() {
    options.put("primary.key.mode", "kafka");
    options.put("primary.key.fields", "topic,part,pos");
    Row row = row(record(null, Map.of("id", 1L)));

    assertThat(row.value("topic")).isEqualTo("t");
    assertThat(row.value("part")).isEqualTo(3);
    assertThat(row.value("pos")).isEqualTo(42L);
  }

  @Test
  void theKeyMayBeAHeader() {
    options.put("primary.key.mode", "record_header");
    options.put("primary.key.fields", "id");
    SinkRecord record = record(null, Map.of("item", "tea"));
    assertErrant(record, "has no header 'id'");
    record.headers().addLong("id", 9);

    assertThat(row(record).value("ID")).isEqualTo(9L);
  }

  @Test
  void debeziumTypesAreRead() {
    Schema schema =
        SchemaBuilder.struct()
            .field("day", SchemaBuilder.int32().name("io.debezium.time.Date").build())
            .field("time", SchemaBuilder.int64().name("io.debezium.time.MicroTime").build())
            .build();
    Struct value = new Struct(schema).put("day", 1).put("time", 1_000_000L);
    Row row = row(new SinkRecord("t", 0, null, 1L, schema, value, 0));

    assertThat(row.value("day")).isEqualTo(LocalDate.of(1970, 1, 2));
    assertThat(row.value("time")).isEqualTo(LocalTime.of(0, 0, 1));
  }

  @Test
  void envelopesOfDebeziumAreOpened() {
    Schema state = SchemaBuilder.struct().optional().field("item", Schema.STRING_SCHEMA).build();
    Schema envelope =
        SchemaBuilder.struct()
            .name("server.orders.Envelope")
            .field("op", Schema.STRING_SCHEMA)
            .field("after", state)
            .build();
    Struct value =
        new Struct(envelope).put("op", "u").put("after", new Struct(state).put("item", "x"));

    assertThat(row(new SinkRecord("t", 0, null, 1L, envelope, value, 0)).value("item"))
        .isEqualTo("x");
    assertErrant(
        new SinkRecord("t", 0, null, 1L, envelope, new Struct(envelope).put("op", "t"), 0),
        "A truncate of the source is not applied");
  }

  @Test
  void aDeletedRecordDeletesIfThatIsEnabled() {
    assertErrant(record(7L, null), "Set delete.enabled=true");
    options.put("delete.enabled", "true");

    assertThat(row(record(7L, null)).isDelete()).isTrue();
  }

  @Test
  void recordsThatDoNotFitAreErrant() {
    assertErrant(record(7L, "text"), "has no named fields");
    assertErrant(record(null, Map.of("item", "tea")), "The record has no key");
    assertErrant(record(7L, Map.of("colour", "red")), "has no column 'colour'");
    assertErrant(
        record(7L, Map.of("item", "much longer than the column")),
        "A value is too large for the column 'item' of the table 'orders', whose type is"
            + " varchar(20)");
  }

  @Test
  void fieldsAreChosenAndRenamed() {
    options.put("field.include.list", "a,b");
    options.put("field.exclude.list", "b");
    options.put("field.rename.list", "a:item");

    assertThat(row(record(1L, Map.of("a", "x", "b", "y", "c", "z"))).value("item")).isEqualTo("x");
  }

  @Test
  void tablesOfTopicsAreMapped() {
    options.put("collection.name.format", "shop.${topic}_t");
    options.put("collection.name.map", "special:other.table");
    SinkConfig config = new SinkConfig(options);

    assertThat(config.table("a.b")).isEqualTo("shop.a_b_t");
    assertThat(config.table("special")).isEqualTo("other.table");
  }
}
