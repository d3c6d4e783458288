package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Rows that update rows that exist, and insert none. */
class UpdateOnlyTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static Schema.Builder orders() {
    return Schema.table("orders")
        .columns("id", "note")
        .conflictKey("id")
        .onAbsent(AbsentStrategy.REJECT);
  }

  private static Row row(Schema schema, long id) {
    return schema.row().set("id", id).set("note", "n");
  }

  static Stream<UnaryOperator<Schema.Builder>> otherOptions() {
    return Stream.of(
        schema -> schema,
        schema -> schema.onConflict(ConflictStrategy.IGNORE),
        schema -> schema.onConflict(ConflictStrategy.REPLACE),
        schema -> schema.onConflict(ConflictStrategy.UPDATE).conflictWhere("id > 0"),
        schema -> schema.onConflict(ConflictStrategy.UPDATE).conflictConstraint("pk"));
  }

  @ParameterizedTest
  @MethodSource("otherOptions")
  void itNeedsTheStrategyUpdateAndAKeyAlone(UnaryOperator<Schema.Builder> options) {
    assertThatThrownBy(() -> options.apply(orders()).build())
        .isInstanceOf(InvalidSchemaException.class)
        .hasMessageContaining("'orders'")
        .hasMessageContaining("onAbsent is REJECT")
        .hasMessageContaining("Use onConflict(UPDATE)");
  }

  @ParameterizedTest
  @EnumSource(
      value = AbsentStrategy.class,
      names = {"REJECT", "IGNORE"})
  void aWriterThatCannotOnlyUpdateGetsNoSuchRow(AbsentStrategy strategy) {
    Schema schema = orders().onConflict(ConflictStrategy.UPDATE).onAbsent(strategy).build();
    BatchFlow flow =
        BatchFlow.builder(batch -> Mono.just(BatchResult.written(batch.size()))).build();
    assertThatThrownBy(() -> flow.submit(row(schema, 1)).block(PATIENCE))
        .isInstanceOf(InvalidRowException.class)
        .hasMessageContaining("'orders'")
        .hasMessageContaining("may only update")
        .hasMessageContaining("supportsUpdateOnly");
    assertThat(flow.submitAll(Flux.just(row(schema, 1))).blockLast(PATIENCE))
        .extracting(Outcome::status)
        .isEqualTo(OutcomeStatus.INVALID);
    long admitted = flow.stats().ledger().admitted();
    flow.close().block(PATIENCE);

    assertThat(admitted).isZero();
  }

  /** The database answered, so the row is rejected, is not retried, and says what to do. */
  @Test
  void anAbsentRowIsRejectedAloneAndNotRetried() {
    Schema schema = orders().onConflict(ConflictStrategy.UPDATE).build();
    AtomicInteger attempts = new AtomicInteger();
    BatchWriter writer =
        new BatchWriter() {
          @Override
          public Mono<BatchResult> write(Batch batch) {
            attempts.incrementAndGet();
            Map<Integer, Throwable> rejected = new HashMap<>();
            for (int i = 0; i < batch.size(); i++) {
              if (Long.valueOf(1).equals(batch.rows().get(i).value("id"))) {
                rejected.put(i, new RowAbsentException(batch.schema().table()));
              }
            }
            return Mono.just(BatchResult.partly(batch.size() - rejected.size(), rejected));
          }

          @Override
          public boolean supportsUpdateOnly(Schema any) {
            return true;
          }
        };
    BatchFlow flow = BatchFlow.builder(writer).build();
    Row absent = row(schema, 1);
    assertThat(flow.submitAll(Flux.just(absent, row(schema, 2))).collectList().block(PATIENCE))
        .satisfiesExactlyInAnyOrder(
            outcome -> {
              assertThat(outcome.row()).isSameAs(absent);
              assertThat(outcome.status()).isEqualTo(OutcomeStatus.REJECTED);
              assertThat(outcome.error())
                  .isInstanceOf(RowAbsentException.class)
                  .hasMessageContaining("'orders'")
                  .hasMessageContaining("Insert it first");
              assertThat(((RowAbsentException) outcome.error()).row()).isSameAs(absent);
            },
            outcome -> assertThat(outcome.isWritten()).isTrue());
    flow.close().block(PATIENCE);

    assertThat(attempts.get()).isLessThanOrEqualTo(2);
  }
}
