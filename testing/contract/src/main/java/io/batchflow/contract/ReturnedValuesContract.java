package io.batchflow.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** The part of the contract of dialects that is about the values that the database made. */
abstract class ReturnedValuesContract extends SqlTableContract {

  static final long SEED = 42;

  static Schema.Builder items(ConflictStrategy strategy) {
    return Schema.table("items")
        .columns(TableModel.COLUMNS)
        .conflictKey("region", "id")
        .onConflict(strategy);
  }

  /** The table has none of the keys, so every strategy stores the row. */
  @ParameterizedTest
  @EnumSource
  void everyRowGetsItsOwnValuesBack(ConflictStrategy strategy) {
    Schema schema = items(strategy).build();
    BatchWriter writer = database().writer();
    assumeTrue(writer.returnsValues());
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      rows.add(Scenario.UNSET_COLUMNS.row(schema, i, new Random(i)));
    }
    Collections.shuffle(rows, new Random(SEED));
    writer.lookUp(schema).block(PATIENCE);
    Batch batch = Batch.of(rows, rule(schema)).returning(List.of("id", "amount", "extra"));
    BatchResult result =
        writer
            .write(batch)
            .onErrorResume(
                refused -> {
                  assertThat(refused).hasMessageContaining("returning");
                  return Mono.empty();
                })
            .block(PATIENCE);
    assumeTrue(result != null, "the dialect returns no values");
    for (int i = 0; i < batch.size(); i++) {
      Row row = batch.rows().get(i);
      Map<String, @Nullable Object> values = Objects.requireNonNull(result).values().get(i);
      Object amount = row.isSet(3) ? row.value("amount") : 7;
      assertThat(values.get("id")).hasToString(String.valueOf(row.value("id")));
      assertThat(values.get("amount")).hasToString(String.valueOf(amount));
      assertThat(values.get("extra")).isEqualTo("fresh");
    }
  }

  /** A row is in the table, and comes again together with new ones. */
  @Test
  void anIgnoredRowHasTheValuesOfTheExistingRowOnRequest() {
    Schema schema = items(ConflictStrategy.IGNORE).build();
    BatchWriter writer = database().writer();
    assumeTrue(writer.returnsValues());
    writer.lookUp(schema).block(PATIENCE);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rows.add(Scenario.UNSET_COLUMNS.row(schema, i, new Random(i)));
    }
    writer.write(Batch.of(rows.subList(0, 5), rule(schema))).block(PATIENCE);
    Batch again = Batch.of(rows, rule(schema)).returning(List.of("id", "extra"), true);
    BatchResult result =
        writer
            .write(again)
            .onErrorResume(
                refused -> {
                  assertThat(refused).hasMessageContaining("returningExisting");
                  return Mono.empty();
                })
            .block(PATIENCE);
    assumeTrue(result != null, "the dialect reads no existing rows");
    for (int i = 0; i < again.size(); i++) {
      Map<String, @Nullable Object> values = Objects.requireNonNull(result).values().get(i);
      Object id = again.rows().get(i).value("id");
      assertThat(values.get("id")).hasToString(String.valueOf(id));
      assertThat(values.get("extra")).isEqualTo("fresh");
    }
  }
}
