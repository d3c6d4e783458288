package io.batchflow.r2dbc.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.catalog.CatalogBinding;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableSettings;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.r2dbc.lease.LeaseDatabase;
import io.batchflow.r2dbc.lease.LeaseDatabase.Kind;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

/** Tables that are created, written and emptied, in each database. */
@Tag("server")
class R2dbcTablesTest {

  private static final Map<String, ColumnType> ALL =
      Arrays.stream(ColumnType.values())
          .collect(
              Collectors.toMap(
                  type -> "the " + type.name().toLowerCase(Locale.ROOT), Function.identity()));

  private static final Schema SCHEMA =
      Schema.table("Of All Types")
          .columns(ALL.keySet().stream().sorted().toList())
          .conflictKey("the bigint", "the text")
          .onConflict(ConflictStrategy.UPDATE)
          .required("the double")
          .build();

  private static Row row(long id) {
    return SCHEMA
        .row()
        .set("the bigint", id)
        .set("the text", "é".repeat(190))
        .set("the boolean", true)
        .set("the integer", 7)
        .set("the double", 0.5)
        .set("the decimal", new BigDecimal("12345678901234567890.123456789"))
        .set("the timestamp", Instant.parse("2026-11-28T10:00:00.123456Z"))
        .set("the date", LocalDate.of(2026, 11, 28))
        .set("the bytes", new byte[] {0, 1, -1});
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES", "MARIADB", "MARIADB_BY_MYSQL"})
  void aTableOfAllTypesIsCreatedWrittenAndDroppedWithItsRows(Kind kind) throws Exception {
    try (LeaseDatabase database = kind.open()) {
      R2dbcTables tables = R2dbcTables.create(database.factory());
      tables.createIfAbsent(SCHEMA, ALL).then(tables.createIfAbsent(SCHEMA, ALL)).block();
      BatchFlow flow = BatchFlow.builder(R2dbcBatchWriter.create(database.factory())).build();
      R2dbcCatalogStore store = R2dbcCatalogStore.create(database.factory());
      store.createTables().block();
      TableCatalog catalog = TableCatalog.builder(store).namePattern("[a-zA-Z ]+").build();
      catalog.create(SCHEMA.table(), TableSettings.none()).block();
      CatalogBinding binding = CatalogBinding.start(catalog, flow);
      binding.ready().block();

      flow.submitAll(Flux.range(0, 25).map(id -> row(id)))
          .doOnNext(outcome -> assertThat(outcome.error()).isNull())
          .blockLast();
      Long deleted = binding.dropWithRows(SCHEMA.table(), tables::deleteRows).block();

      assertThat(deleted).isEqualTo(25);
      assertThat(tables.deleteRows(SCHEMA.table()).block()).isZero();
      assertThat(catalog.find(SCHEMA.table()).block()).isNull();
      binding.dispose();
      flow.close().block();
    }
  }

  @Test
  void eachColumnNeedsAType() throws Exception {
    try (LeaseDatabase database = Kind.H2.open()) {
      R2dbcTables tables = R2dbcTables.create(database.factory());

      assertThatThrownBy(
              () -> tables.createIfAbsent(SCHEMA, Map.of("the bigint", ColumnType.BIGINT)))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("Give one for each column");
    }
  }
}
