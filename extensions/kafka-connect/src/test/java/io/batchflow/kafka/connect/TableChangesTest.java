package io.batchflow.kafka.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.dialect.Dialects;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TableChangesTest {

  private static final Schema VALUE =
      SchemaBuilder.struct()
          .field("id", Schema.INT64_SCHEMA)
          .field("order", Schema.OPTIONAL_STRING_SCHEMA)
          .field("qty", Schema.INT32_SCHEMA)
          .build();

  private final Map<String, String> options =
      new HashMap<>(
          Map.of(
              "connection.url", "r2dbc:postgresql://h/d",
              "insert.mode", "upsert",
              "schema.evolution", "basic",
              "primary.key.mode", "record_value",
              "primary.key.fields", "id"));

  private final TargetTable onlyId =
      new TargetTable(
          io.batchflow.Schema.table("t").columns("id").build(),
          List.of("id"),
          true,
          new RealTable(List.of("t"), Map.of()));

  private TableChanges changes() {
    return new TableChanges(new SinkConfig(options), Dialects::postgres);
  }

  private static SinkRecord record(@Nullable Schema schema, Object value) {
    return new SinkRecord("t", 0, Schema.STRING_SCHEMA, "k", schema, value, 0);
  }

  private static SinkRecord record() {
    return record(VALUE, new Struct(VALUE).put("id", 1L).put("qty", 2));
  }

  @Test
  void aTableHasTheFieldsAndTheKey() {
    assertThat(changes().creation("shop.t", record()))
        .isEqualTo(
            "CREATE TABLE IF NOT EXISTS \"shop\".\"t\" (\"id\" bigint NOT NULL, \"order\" text,"
                + " \"qty\" integer, PRIMARY KEY (\"id\"))");
  }

  @Test
  void theKeyOfTheRecordIsAColumn() {
    options.put("primary.key.mode", "record_key");
    options.put("primary.key.fields", "code");
    options.put("field.exclude.list", "order,qty");

    assertThat(changes().creation("t", record()))
        .endsWith("(\"code\" text NOT NULL, \"id\" bigint, PRIMARY KEY (\"code\"))");
  }

  @Test
  void thePlaceOfTheRecordIsAKey() {
    options.put("primary.key.mode", "kafka");
    options.put("primary.key.fields", "topic,part,pos");

    assertThat(changes().creation("t", record()))
        .endsWith("PRIMARY KEY (\"topic\", \"part\", \"pos\"))");
  }

  @Test
  void optionalFieldsAreAdded() {
    options.put("field.exclude.list", "qty");

    assertThat(changes().additions(record(), onlyId))
        .containsExactly(Map.entry("order", "ALTER TABLE \"t\" ADD COLUMN \"order\" text"));
  }

  @Test
  void aRequiredFieldIsRefusedWithTheStatement() {
    assertThatThrownBy(() -> changes().additions(record(), onlyId))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("ALTER TABLE \"t\" ADD COLUMN \"qty\" integer");
  }

  private String widening(SqlDialect dialect) {
    ColumnLimit limit = Objects.requireNonNull(ColumnLimit.of("integer"));
    TableChanges changes = new TableChanges(new SinkConfig(options), () -> dialect);
    return changes.widening(
        onlyId, new NarrowColumnException("t", "id", limit, Schema.INT64_SCHEMA, 1L));
  }

  @Test
  void eachDatabaseSpellsAWiderType() {
    assertThat(widening(Dialects.postgres()))
        .isEqualTo("ALTER TABLE \"t\" ALTER COLUMN \"id\" TYPE bigint");
    assertThat(widening(Dialects.h2()))
        .isEqualTo("ALTER TABLE \"t\" ALTER COLUMN \"id\" SET DATA TYPE bigint");
    assertThat(widening(Dialects.mysql())).isEqualTo("ALTER TABLE `t` MODIFY COLUMN `id` bigint");
  }

  @Test
  void recordsWithoutASchemaTellNoTypes() {
    assertThatThrownBy(() -> changes().creation("t", record(null, Map.of("id", 1L))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("does not tell its type");
  }
}
