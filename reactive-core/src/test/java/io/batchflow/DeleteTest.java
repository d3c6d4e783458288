package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.annotation.Key;
import io.batchflow.internal.key.ByValue;
import io.batchflow.stats.Ledger;
import io.batchflow.table.RowMapper;
import io.batchflow.table.Table;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class DeleteTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Schema ORDERS =
      Schema.table("orders")
          .columns("shop", "id", "note")
          .conflictKey("shop", "id")
          .onConflict(ConflictStrategy.UPDATE)
          .required("note")
          .build();

  /** A rule that decides by the values alone. */
  private static final KeyEquality EXACT =
      new KeyEquality() {
        @Override
        public Object key(Row row) {
          return ByValue.INSTANCE.key(row);
        }

        @Override
        public boolean isExact() {
          return true;
        }
      };

  private static Row delete(long id) {
    return ORDERS.delete().set("shop", "a").set("id", id);
  }

  private static Row store(long id) {
    return ORDERS.row().set("shop", "a").set("id", id).set("note", "n");
  }

  private static Schema.Builder schema() {
    return Schema.table("orders").columns("id", "note").conflictKey("id");
  }

  private static Arguments without(String problem, UnaryOperator<Schema.Builder> options) {
    return Arguments.of(problem, options);
  }

  static Stream<Arguments> schemasWithoutDeletes() {
    return Stream.of(
        without("under FAIL", schema -> schema),
        without("under IGNORE", schema -> schema.onConflict(ConflictStrategy.IGNORE)),
        without(
            "conflictWhere",
            schema -> schema.onConflict(ConflictStrategy.UPDATE).conflictWhere("id > 0")),
        without(
            "conflictConstraint",
            schema -> schema.onConflict(ConflictStrategy.REPLACE).conflictConstraint("pk")));
  }

  @ParameterizedTest
  @MethodSource("schemasWithoutDeletes")
  void aSchemaWhoseRowsCannotDeleteSaysWhyAndWhatToDo(
      String problem, UnaryOperator<Schema.Builder> options) {
    Schema schema = options.apply(schema()).build();

    assertThat(schema.allowsDeletes()).isFalse();
    assertThatThrownBy(schema::delete)
        .isInstanceOf(InvalidSchemaException.class)
        .hasMessageContaining("'orders'")
        .hasMessageContaining(problem)
        .hasMessageContaining("Use ");
  }

  @Test
  void aDeleteNeedsItsWholeKeyAndNothingElse() {
    assertThat(delete(1).freeze().isDelete()).isTrue();
    assertThat(delete(1).toString()).isEqualTo("Row[table=orders, delete, set=shop, id]");
    assertThatThrownBy(() -> ORDERS.delete().set("id", 1).freeze())
        .isInstanceOf(InvalidRowException.class)
        .hasMessageContaining("'shop' is not set");
    assertThatThrownBy(() -> ORDERS.delete().set("shop", null).set("id", 1).freeze())
        .isInstanceOf(InvalidRowException.class)
        .hasMessageContaining("'shop' of the key is null");
    assertThatThrownBy(() -> delete(1).set("note", "secret").freeze())
        .isInstanceOf(InvalidRowException.class)
        .hasMessageContaining("sets column 'note'")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aDeleteIsNotMergedWithARowThatIsStoredAfterIt() {
    assertThat(store(1).mergedWith(delete(1)).isDelete()).isTrue();
    assertThat(delete(1).mergedWith(delete(1)).isDelete()).isTrue();
    assertThatThrownBy(() -> delete(1).mergedWith(store(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aBatchHasADeleteAndTheRowStoredAfterItSideBySide() {
    Batch batch =
        Batch.of(
            List.of(store(2), store(1), delete(1), delete(2), store(2), store(2), store(3)), EXACT);

    assertThat(batch.rows().stream().map(row -> row.isDelete() + " " + row.value("id")))
        .containsExactly("true 1", "true 2", "false 2", "false 3");
    assertThat(batch.hasDeletes()).isTrue();
    assertThat(batch.isDistinct()).isFalse();
    assertThat(batch.isRepeatable()).isTrue();
    assertThat(Batch.of(List.of(store(1), delete(1), delete(2)), EXACT).isDistinct()).isTrue();
    assertThat(Batch.of(List.of(store(1))).hasDeletes()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"UPDATE", "REPLACE"})
  void aWriterThatCannotDeleteGetsNoDelete(ConflictStrategy strategy) {
    Schema schema = schema().onConflict(strategy).build();
    BatchFlow flow =
        BatchFlow.builder(batch -> Mono.just(BatchResult.written(batch.size()))).build();
    Row row = schema.delete().set("id", 1);
    assertThatThrownBy(() -> flow.submit(row).block(PATIENCE))
        .isInstanceOf(InvalidRowException.class)
        .hasMessageContaining("'orders'")
        .hasMessageContaining("supportsDeletes");
    assertThat(flow.submitAll(Flux.just(schema.delete().set("id", 1))).blockLast(PATIENCE))
        .extracting(Outcome::status)
        .isEqualTo(OutcomeStatus.INVALID);
    assertThat(flow.submit(schema.row().set("id", 1)).block(PATIENCE)).isNotNull();
    Ledger ledger = flow.stats().ledger();
    flow.close().block(PATIENCE);

    assertThat(ledger.admitted()).isEqualTo(1);
  }

  @Test
  void aTypedTableDeletesByTheKeyOfItsObject() {
    RecordingWriter writer = RecordingWriter.create();
    BatchFlow flow = BatchFlow.builder(writer).build();
    Table<Map<String, Object>> orders =
        flow.table(RowMapper.of(ORDERS, (map, row) -> map.forEach(row::set)));
    orders.delete(Map.of("shop", "a", "id", 7, "note", "ignored")).block(PATIENCE);
    assertThatThrownBy(() -> orders.delete(Map.of("id", 7)).block(PATIENCE))
        .isInstanceOf(InvalidRowException.class)
        .hasMessageContaining("'shop' is not set");
    flow.close().block(PATIENCE);

    assertThat(writer.rows()).hasSize(1);
    assertThat(writer.rows().get(0).isDelete()).isTrue();
    assertThat(writer.rows().get(0).value("id")).isEqualTo(7);
    assertThat(writer.rows().get(0).isSet(2)).isFalse();
  }

  /** Only its key can be read. */
  @io.batchflow.annotation.Table(value = "orders", onConflict = ConflictStrategy.UPDATE)
  public static final class KeyOnly {

    @Key
    public String getShop() {
      return "a";
    }

    public int getNote() {
      return Integer.parseInt("not loaded");
    }

    @Key
    public long getId() {
      return 7;
    }
  }

  @Test
  void onlyTheKeyOfADeletedObjectIsRead() {
    RecordingWriter writer = RecordingWriter.create();
    BatchFlow flow = BatchFlow.builder(writer).build();
    Table<KeyOnly> orders = flow.table(KeyOnly.class);
    orders.delete(new KeyOnly()).block(PATIENCE);
    assertThatThrownBy(() -> orders.submit(new KeyOnly()).block(PATIENCE))
        .isInstanceOf(InvalidRowException.class)
        .hasMessageContaining("'note'");
    flow.close().block(PATIENCE);

    Row deleted = writer.rows().get(0);
    assertThat(writer.rows()).hasSize(1);
    assertThat(deleted.isDelete()).isTrue();
    assertThat(deleted.value("shop")).isEqualTo("a");
    assertThat(deleted.value("id")).isEqualTo(7L);
    assertThat(deleted.isSet(deleted.schema().position("note"))).isFalse();
  }
}
