package io.batchflow.examples;

import io.batchflow.audit.AuditRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/**
 * Appends audit records to a file, one line of JSON each, on its own thread. A record counts as
 * kept once the operating system has its line. The line may still be lost if the machine loses
 * power.
 */
public final class AuditFile implements Function<AuditRecord, Mono<Void>>, AutoCloseable {

  /** More than the records that a trail passes on before they are kept. */
  private static final int MAX_QUEUED = 1_000_000;

  private final JsonMapper json = JsonMapper.shared();
  private final Scheduler thread =
      Schedulers.newBoundedElastic(1, MAX_QUEUED, "audit-file", 60, true);
  private final OutputStream file;

  private AuditFile(OutputStream file) {
    this.file = file;
  }

  /** Opens a file. Appends to it if it exists. */
  public static AuditFile open(Path path) throws IOException {
    return new AuditFile(
        Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  @Override
  public Mono<Void> apply(AuditRecord entry) {
    return Mono.<Void>fromCallable(() -> append(entry)).subscribeOn(thread);
  }

  /** Writes a line in one call, so that lines cannot mix. */
  private Void append(AuditRecord entry) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    line.writeBytes(json.writeValueAsBytes(entry));
    line.write('\n');
    file.write(line.toByteArray());
    return null;
  }

  /** Closes the file. Flush the trail first. */
  @Override
  public void close() throws IOException {
    thread.dispose();
    file.close();
  }
}
