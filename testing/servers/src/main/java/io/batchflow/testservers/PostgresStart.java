package io.batchflow.testservers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Starts PostgreSQL. The library waits for a server that has died as long as for a slow one. This
 * class reads the log as well, and fails at once with its last lines.
 */
final class PostgresStart {

  private static final String DEAD = "pg_ctl: could not start server";
  private static final int POLL_MILLIS = 100;
  private static final int LINES = 20;

  private PostgresStart() {}

  /** Starts a server and waits until it answers. */
  static EmbeddedPostgres of(EmbeddedPostgres.Builder builder) throws IOException {
    Path log = Files.createTempFile("postgres", ".log");
    builder
        .setPGStartupWait(EmbeddedDatabases.START)
        .setServerConfig("log_min_messages", "log") // failed statements would fill the file
        .setOutputRedirector(Redirect.appendTo(log.toFile()));
    FutureTask<EmbeddedPostgres> starting = new FutureTask<>(builder::start);
    Thread thread = new Thread(starting, "postgres-start");
    thread.setDaemon(true);
    thread.start();
    try {
      return started(starting, thread, log);
    } catch (InterruptedException interrupted) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      throw new IOException("PostgreSQL was not waited for", interrupted);
    } catch (ExecutionException failure) {
      throw new IOException("PostgreSQL did not start: " + end(log), failure.getCause());
    } finally {
      Files.deleteIfExists(log);
    }
  }

  private static EmbeddedPostgres started(
      FutureTask<EmbeddedPostgres> starting, Thread thread, Path log)
      throws IOException, InterruptedException, ExecutionException {
    while (true) {
      try {
        return starting.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException stillStarting) {
        if (lines(log).contains(DEAD)) {
          thread.interrupt(); // then the library takes it for started
          starting.get().close();
          throw new IOException("PostgreSQL did not start: " + end(log));
        }
      }
    }
  }

  private static List<String> lines(Path log) throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
  }

  private static String end(Path log) throws IOException {
    List<String> lines = lines(log);
    return String.join(
        System.lineSeparator(), lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
  }
}
