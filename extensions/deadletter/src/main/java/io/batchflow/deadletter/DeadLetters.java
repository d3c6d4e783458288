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

/** Keeps rejected rows through a flow of their own, and feeds kept ones back. */
public final class DeadLetters {

  /**
   * What is told of a letter: {@code id} (the same whenever it is written down again), {@code
   * rejected_at} (UTC, such as 2026-01-31T12:00:00.000000Z), {@code table_name}, {@code reason},
   * {@code attempts} and {@code letter}, the whole of it by {@link DeadLetter#toJson()}. All are
   * texts but the attempts, a number.
   */
  public static final List<String> COLUMNS =
      List.of("id", "rejected_at", "table_name", "reason", "attempts", "letter");

  /** Letters that are under way at the same time. */
  private static final int AT_ONCE = 1_000;

  /** Of one length, so that texts sort as times do. */
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
   * @param flow not the flow whose rows are rejected; its owner closes it, after that one
   * @param schema by {@link #schema(String)}, or any with {@link #COLUMNS}
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

  /** Returns a time as the column {@code rejected_at} has it. */
  public static String text(Instant time) {
    return TIME.format(time);
  }

  /**
   * Submits letters again, to the flow of their table or any other.
   *
   * @param schemas the Schema of a letter's row; null leaves the letter where it is
   * @return what became of each letter, in the order of completion
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
   * What became of a letter.
   *
   * @param error why it was not written; null where it was
   */
  public record Replayed(DeadLetter letter, @Nullable Throwable error) {

    /** Returns whether the row is written. */
    public boolean isWritten() {
      return error == null;
    }
  }
}
