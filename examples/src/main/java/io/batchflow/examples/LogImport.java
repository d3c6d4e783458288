package io.batchflow.examples;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.watermark.OpenPosition;
import io.batchflow.watermark.Watermarks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Stores each line of a file. If it is killed, the next run goes on where nothing is missing. */
final class LogImport {

  private static final Schema LINES =
      Schema.table("lines")
          .columns("no", "line")
          .conflictKey("no")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private final BatchFlow flow;
  private final Path checkpoint;
  private final Watermarks<Path> marks = Watermarks.create();

  LogImport(BatchFlow flow, Path checkpoint) {
    this.flow = flow;
    this.checkpoint = checkpoint;
  }

  /** Completes when each line has an outcome, and returns how many were not written. */
  @SuppressWarnings("StreamResourceLeak") // using closes it
  Mono<Long> run(Path file) {
    long start = read(checkpoint);
    marks.assign(file, start);
    Flux<Row> rows =
        Flux.using(() -> Files.lines(file), Flux::fromStream, Stream::close)
            .index()
            .skip(start)
            .map(line -> row(file, line.getT1(), line.getT2()));
    return flow.submitAll(rows)
        .filter(outcome -> !hasPassed(outcome))
        .count()
        .doFinally(end -> store(file));
  }

  private Row row(Path file, long number, String line) {
    return LINES.row().set("no", number).set("line", line).tag(marks.open(file, number));
  }

  private static boolean hasPassed(Outcome<Row> outcome) {
    return outcome.row().tag() instanceof OpenPosition<?> line && line.passIfWritten(outcome);
  }

  /** Call it at the end, and from time to time. */
  void store(Path file) {
    marks.watermark(file).ifPresent(next -> write(checkpoint, next));
  }

  private static long read(Path checkpoint) {
    try {
      return Files.exists(checkpoint) ? Long.parseLong(Files.readString(checkpoint)) : 0;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Replaces the checkpoint in one step, so that a kill never leaves half of it. */
  private static void write(Path checkpoint, long next) {
    Path written = checkpoint.resolveSibling(checkpoint.getFileName() + ".new");
    try {
      Files.writeString(written, String.valueOf(next));
      Files.move(written, checkpoint, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
