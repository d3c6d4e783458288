package io.batchflow.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.test.RecordingWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A row is read with the Schema that it was accepted with, and with no other. */
class SchemasInJournalTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  /** The Schema of the journal of the first version, which is in the test resources. */
  private static final Schema ORDERS =
      Schema.table("sales.orders")
          .columns("id", "amount", "note", "at", "data", "tags")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .updateColumns("amount", "note")
          .required("amount")
          .build();

  private static final Schema EVENTS =
      Schema.table("events")
          .columns("id", "kind")
          .conflictKey("id")
          .onConflict(ConflictStrategy.IGNORE)
          .build();

  private final Path directory;

  SchemasInJournalTest(@TempDir Path directory) {
    this.directory = directory.resolve("journal");
  }

  private static Schema.Builder prices(String... path) {
    return Schema.tablePath(path)
        .columns("id", "price", "stock")
        .conflictKey("id")
        .onConflict(ConflictStrategy.UPDATE);
  }

  @Test
  void schemasThatWriteDifferentlyHaveDifferentIds() {
    List<Schema> schemas =
        List.of(
            prices("t").build(),
            prices("t").updateColumns("price").build(),
            prices("t").updateColumns("stock").build(),
            prices("t").required("price").build(),
            prices("t").onConflict(ConflictStrategy.REPLACE).build(),
            prices("t").conflictWhere("price > 0").build(),
            prices("t").conflictWhere("price > 1").build(),
            prices("t").conflictConstraint("t_key").build(),
            prices("a.b", "c").build(),
            prices("a", "b.c").build(),
            prices("a", "b", "c").build(),
            prices("a\",\"b", "c").build());
    Set<String> ids = new HashSet<>();
    for (Schema schema : schemas) {
      assertThat(ids.add(SchemaId.of(schema))).as("%s", schema).isTrue();
      assertThat(SchemaId.find(SchemaId.of(schema), schemas)).isEqualTo(schema);
    }
  }

  @Test
  void rowsOfSchemasThatDifferInUpdateColumnsAreReadWithTheirOwn() {
    Schema price = prices("t").updateColumns("price").build();
    Schema stock = prices("t").updateColumns("stock").build();
    JournaledFlow flow = open(RecordingWriter.create().hold(), price, stock);
    flow.accept(price.row().set("id", 1).set("price", 10).set("stock", 0)).block(PATIENCE);
    flow.accept(stock.row().set("id", 1).set("price", 0).set("stock", 7)).block(PATIENCE);
    flow.close(AT_ONCE).block(PATIENCE);

    RecordingWriter second = RecordingWriter.create();
    open(second, stock, price).close().block(PATIENCE);
    assertThat(second.rows())
        .extracting(row -> row.schema().updateColumns() + " " + row.value("price"))
        .containsExactlyInAnyOrder("[price] 10", "[stock] 0");
  }

  @Test
  void aJournalOfTheFirstVersionIsRead() throws Exception {
    copyFirstVersion();
    RecordingWriter writer = RecordingWriter.create();
    JournaledFlow flow = open(writer, ORDERS, EVENTS);
    flow.accept(EVENTS.row().set("id", 99L).set("kind", "new")).block(PATIENCE);
    flow.close().block(PATIENCE);

    List<Row> orders = writer.rows().stream().filter(row -> row.schema().equals(ORDERS)).toList();
    assertThat(orders).hasSize(20);
    assertThat(orders)
        .filteredOn(row -> row.value("id").equals(7))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.value("amount")).isEqualTo(new BigDecimal("7.50"));
              assertThat(row.value("note")).isEqualTo("note 7");
              assertThat(row.value("at")).isEqualTo(Instant.ofEpochSecond(1_700_000_007L));
              assertThat(row.value("data")).isEqualTo(new byte[] {7, 0, -1});
              assertThat(row.value("tags")).isEqualTo(new String[] {"a", null});
            });
    assertThat(writer.rows())
        .filteredOn(row -> row.schema().equals(EVENTS))
        .extracting(row -> row.value("kind"))
        .containsExactlyInAnyOrder("MONDAY", "MONDAY", "MONDAY", "MONDAY", "new");
  }

  @Test
  void rowsOfTheFirstVersionAreNotReadWithOneOfTwoSchemas() throws Exception {
    copyFirstVersion();
    Schema other =
        Schema.tablePath("sales.orders")
            .columns(ORDERS.columns())
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> open(RecordingWriter.create(), ORDERS, other, EVENTS))
        .withMessageContaining("'sales.orders'")
        .withMessageContaining("2 of the known Schemas");
    RecordingWriter writer = RecordingWriter.create();
    open(writer, ORDERS, EVENTS).close().block(PATIENCE);
    assertThat(writer.rows()).hasSize(24);
  }

  @Test
  void aRowOfAnyLengthIsReadBack() {
    Schema large = prices("t").build();
    JournaledFlow flow = open(RecordingWriter.create().hold(), large);
    String text = "x".repeat(20_000_001);
    flow.accept(large.row().set("id", 1).set("price", text)).block(PATIENCE);
    flow.accept(large.row().set("id", 2).set("price", new byte[15_000_001])).block(PATIENCE);
    flow.close(AT_ONCE).block(PATIENCE);

    RecordingWriter second = RecordingWriter.create();
    open(second, large).close().block(PATIENCE);
    assertThat(second.rows()).hasSize(2);
    assertThat(second.rows()).anyMatch(row -> text.equals(row.value("price")));
  }

  @Test
  void aRowThatCannotBeKeptIsNotAccepted() {
    Schema schema = prices("t").build();
    JournaledFlow flow = open(RecordingWriter.create(), schema);
    Row row = schema.row().set("id", 1).set("price", new Object());
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> flow.accept(row).block(PATIENCE))
        .havingCause()
        .withMessageContaining("'price'")
        .withMessageContaining("java.lang.Object");
    flow.close().block(PATIENCE);
  }

  private JournaledFlow open(RecordingWriter writer, Schema... schemas) {
    BatchFlow flow = BatchFlow.builder(writer).build();
    return JournaledFlow.builder(flow, directory).schemas(schemas).open();
  }

  private void copyFirstVersion() throws IOException {
    Files.createDirectories(directory);
    for (String file : List.of("000004.log", "CURRENT", "IDENTITY", "MANIFEST-000005")) {
      try (var in =
          SchemasInJournalTest.class.getResourceAsStream("journal-of-version-1/" + file)) {
        Files.copy(in, directory.resolve(file));
      }
    }
  }
}
