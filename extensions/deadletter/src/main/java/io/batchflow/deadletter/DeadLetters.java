package io.batchflow.deadletter;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.ConflictStrategy;
import io.batchflow.RejectedRow;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Stores dead letters through a flow, and submits stored ones again. */
public final class DeadLetters {

  /**
   * The columns of a dead letter: {@code id} (the same each time it is stored), {@code rejected_at}
   * (UTC, such as 2026-01-31T12:00:00.000000Z), {@code table_name}, {@code reason}, {@code
   * attempts} and {@code letter}, the result of {@link DeadLetter#toJson()}. All are texts, except
   * {@code attempts}, a number.
   */
  public static final List<String> COLUMNS =
      List.of("id", "rejected_at", "table_name", "reason", "attempts", "letter");

  /** The maximum number of dead letters in flight. */
  private static final int AT_ONCE = 1_000;

  /** A format of fixed length, so that texts sort like times. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private DeadLetters() {}

  /** Returns the Schema of a table for dead letters, with {@code id} as its key. */
  public static Schema schema(String table) {
    return Schema.table(table)
        .columns(COLUMNS)
        .conflictKey("id")
        .onConflict(ConflictStrategy.IGNORE)
        .build();
  }

  /**
   * Returns a keeper for {@link BatchFlow.Builder#deadLetter} that submits each letter to another
   * flow: into a table, or with a mapping for it into a Redis stream.
   *
   * @param flow another flow than the one whose rows are rejected; close it after that one
   * @param schema the result of {@link #schema(String)}, or any Schema with {@link #COLUMNS}
   */
  public static Function<RejectedRow, Mono<Void>> through(BatchFlow flow, Schema schema) {
    return rejected -> Mono.defer(() -> flow.submit(row(schema, rejected))).then();
  }

  private static Row row(Schema schema, RejectedRow rejected) {
    DeadLetter letter = DeadLetter.of(rejected);
    return schema
        .row()
        .set("id", letter.id().toString())
        .set("rejected_at", text(letter.time()))
        .set("table_name", letter.table())
        .set("reason", letter.reason())
        .set("attempts", letter.attempts())
        .set("letter", letter.toJson());
  }

  /** Returns a time in the format of the column {@code rejected_at}. */
  public static String text(Instant time) {
    return TIME.format(time);
  }

  /**
   * Submits dead letters again, to any flow.
   *
   * @param schemas returns the Schema of a dead letter's row, or null to skip it
   * @return the result of each dead letter, in the order of completion
   */
  public static Flux<Replayed> replay(
      Publisher<DeadLetter> letters,
      Function<DeadLetter, @Nullable Schema> schemas,
      BatchFlow flow) {
    return Flux.from(letters).flatMap(letter -> replay(letter, schemas, flow), AT_ONCE);
  }

  private static Mono<Replayed> replay(
      DeadLetter letter, Function<DeadLetter, @Nullable Schema> schemas, BatchFlow flow) {
    Schema schema = schemas.apply(letter);
    if (schema == null) {
      return Mono.empty();
    }
    return Mono.defer(() -> flow.submit(letter.toRow(schema)))
        .map(written -> new Replayed(letter, null))
        .onErrorResume(
            failure ->
                failure instanceof BatchFlowException
                    || failure instanceof DeadLetterFormatException,
            failure -> Mono.just(new Replayed(letter, failure)));
  }

  /**
   * The result of submitting a dead letter again.
   *
   * @param error why the row was not written; null if it was written
   */
  public record Replayed(DeadLetter letter, @Nullable Throwable error) {

    /** Returns whether the row is written. */
    public boolean isWritten() {
      return error == null;
    }
  }
}
