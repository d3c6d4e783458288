package io.batchflow.deadletter;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.RejectedRow;
import io.batchflow.json.UnkeptValueException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Stores rejected rows in a file, one {@link DeadLetter} as JSON on each line. A dead letter is on
 * the disk before the outcome of its row is reported. A full file is renamed, with the time in its
 * name, and never deleted. For {@link io.batchflow.BatchFlow.Builder#deadLetter}; close it after
 * the flow.
 *
 * <p>Thread-safe. Writes on its own thread. Only one process at a time may open the file.
 */
public final class DeadLetterFile implements Function<RejectedRow, Mono<Void>>, AutoCloseable {

  private static final long MAX_BYTES = 64L << 20;

  /** The maximum number of letters that wait for the disk. */
  private static final int MAX_WAITING = 10_000;

  private final LineFile file;

  /**
   * Not a Scheduler: a disposed Scheduler drops tasks, and their callers would never be answered.
   * Event loops pass letters to it. Its queue is one that BlockHound lets them use.
   */
  private final ExecutorService thread;

  private final Semaphore places = new Semaphore(MAX_WAITING);

  private final Sinks.Empty<Void> closed = Sinks.empty();

  private DeadLetterFile(LineFile file) {
    this.file = file;
    this.thread =
        new ScheduledThreadPoolExecutor(1, DeadLetterFile::newThread) {
          @Override
          protected void terminated() {
            closeFile();
          }
        };
  }

  private static Thread newThread(Runnable work) {
    Thread thread = new Thread(work, "batchflow-deadletters");
    thread.setDaemon(true);
    return thread;
  }

  /** Opens a file that is renamed at 64 MiB. */
  public static DeadLetterFile open(Path path) {
    return open(path, MAX_BYTES);
  }

  /**
   * Opens a file, or creates it if it does not exist. An incomplete last line after a crash is
   * removed: the outcome of its row was not reported.
   *
   * @param maxBytes the size at which it is renamed, in bytes
   * @throws InvalidConfigurationException unless the size is positive
   * @throws UncheckedIOException if it cannot be opened, or another process has it open
   */
  public static DeadLetterFile open(Path path, long maxBytes) {
    if (maxBytes <= 0) {
      throw new InvalidConfigurationException(
          "maxBytes", "(" + maxBytes + ") is not positive", "Set a positive size");
    }
    try {
      return new DeadLetterFile(LineFile.open(path, maxBytes));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Stores a rejected row. Fails with an I/O error or {@link UnkeptValueException}. Creates the
   * file again if it, or its directory, was moved or deleted.
   */
  @Override
  public Mono<Void> apply(RejectedRow rejected) {
    // Not subscribeOn: it would interrupt the thread when cancelled, which closes the file.
    return Mono.create(
        sink -> {
          if (!places.tryAcquire()) {
            throw new RejectedExecutionException(MAX_WAITING + " dead letters wait for the disk");
          }
          thread.execute(() -> keep(rejected, sink));
        });
  }

  private void keep(RejectedRow rejected, MonoSink<Void> sink) {
    places.release();
    try {
      file.append(DeadLetter.of(rejected).toJson());
      sink.success();
    } catch (Throwable failure) { // also an Error, or the caller would get no answer
      sink.error(failure);
    }
  }

  /**
   * Returns the dead letters of a file. An invalid line is an error with its line number, after the
   * dead letters before it. Reads on a thread that may block.
   */
  public static Flux<DeadLetter> read(Path path) {
    // As bytes first: a line that is not in UTF-8 must not hide the lines before it.
    return Flux.using(
            () -> Files.newBufferedReader(path, StandardCharsets.ISO_8859_1),
            reader ->
                Flux.fromStream(reader::lines)
                    .index((index, line) -> letter(path, index + 1, line)))
        .subscribeOn(Schedulers.boundedElastic());
  }

  private static DeadLetter letter(Path path, long number, String line) {
    try {
      return DeadLetter.parse(utf8(line));
    } catch (DeadLetterFormatException broken) {
      throw broken.in(path.getFileName() + ", line " + number);
    }
  }

  private static String utf8(String bytes) {
    ByteBuffer line = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(line).toString();
    } catch (CharacterCodingException broken) {
      throw new DeadLetterFormatException("A text is not in UTF-8");
    }
  }

  /**
   * Closes the file after all pending dead letters; later ones fail. Waits until the file is
   * closed, unless the calling thread must not block.
   */
  @Override
  public void close() {
    if (Schedulers.isInNonBlockingThread()) {
      closeLater().subscribe();
    } else {
      closeLater().block();
    }
  }

  /** Closes the file like {@link #close()}, without blocking. Completes when the file is closed. */
  public Mono<Void> closeLater() {
    return Mono.defer(
        () -> {
          thread.shutdown();
          return closed.asMono();
        });
  }

  private void closeFile() {
    try {
      file.close();
      closed.tryEmitEmpty();
    } catch (UncheckedIOException failure) {
      closed.tryEmitError(failure);
    }
  }
}
