package io.batchflow.backup;

import io.batchflow.r2dbc.request.Requests;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/**
 * Restores a backup into a table. Each part is a transaction, which also counts the parts in the
 * table {@code batchflow_restores}, so that a later run goes on where this one has ended.
 * Immutable.
 */
final class RestoreRun {

  private static final int CHUNK_LINES = 500;
  private static final int CHUNK_CHARACTERS = 1 << 20;

  private static final String PROGRESS_TABLE =
      "CREATE TABLE IF NOT EXISTS batchflow_restores"
          + " (id VARCHAR(190) NOT NULL PRIMARY KEY, parts BIGINT NOT NULL)";

  private final Database database;
  private final BackupDirectory directory;

  RestoreRun(Database database, BackupDirectory directory) {
    this.database = database;
    this.directory = directory;
  }

  /** What is restored where. */
  private record Task(Manifest manifest, Shape shape) {

    String id() {
      return manifest.id() + " " + shape.quoted();
    }
  }

  Mono<BackupReport> run(String table) {
    return Blocking.call(directory::required)
        .flatMap(manifest -> database.shape(table).map(shape -> task(manifest, shape)))
        .flatMap(task -> begun(task).flatMap(parts -> run(task, parts)));
  }

  private Task task(Manifest manifest, Shape shape) {
    if (!manifest.complete() || !manifest.database().equals(database.product())) {
      throw new BackupException(
          manifest.complete()
              ? "The backup is of " + manifest.database() + ", not " + database.product()
              : "The backup in " + directory.path() + " is not complete",
          manifest.complete() ? "Restore it there" : "Write it to its end first");
    }
    List<String> order = manifest.columns();
    if (!Set.copyOf(order)
        .equals(Set.copyOf(shape.columns().stream().map(BackupColumn::name).toList()))) {
      throw new BackupException(
          "Table '" + shape.name() + "' has other columns than the backup, which has " + order,
          "Create the table as it was");
    }
    List<BackupColumn> columns =
        shape.columns().stream()
            .sorted(Comparator.comparing(column -> order.indexOf(column.name())))
            .toList();
    return new Task(manifest, new Shape(shape.name(), shape.quoted(), columns));
  }

  /** Returns how many parts are restored. */
  private Mono<Integer> begun(Task task) {
    return database
        .send(connection -> Requests.changed(connection.createStatement(PROGRESS_TABLE)))
        .then(database.send(connection -> begun(connection, task)));
  }

  private Mono<Integer> begun(Connection connection, Task task) {
    Mono<Boolean> isEmpty =
        Mono.defer(
            () ->
                Requests.first(
                        connection.createStatement(
                            "SELECT 1 FROM " + task.shape().quoted() + " LIMIT 1"),
                        row -> false)
                    .defaultIfEmpty(true));
    return Requests.first(
            Requests.bound(
                connection,
                spelled("SELECT parts FROM batchflow_restores WHERE id = ?"),
                task.id()),
            row -> Objects.requireNonNull(row.get(0, Number.class)).intValue())
        .flatMap(
            // Somebody may have emptied the table to begin again.
            parts ->
                isEmpty.flatMap(
                    empty -> empty && parts > 0 ? reset(connection, task) : Mono.just(parts)))
        .switchIfEmpty(
            isEmpty.flatMap(
                empty ->
                    empty
                        ? insert(connection, task)
                        : Mono.error(
                            () ->
                                new BackupException(
                                    "Table '" + task.shape().name() + "' is not empty",
                                    "Restore into an empty table"))));
  }

  private Mono<Integer> reset(Connection connection, Task task) {
    return changed(connection, "UPDATE batchflow_restores SET parts = 0 WHERE id = ?", task.id())
        .thenReturn(0);
  }

  private Mono<Integer> insert(Connection connection, Task task) {
    return changed(
            connection, "INSERT INTO batchflow_restores (id, parts) VALUES (?, 0)", task.id())
        .onErrorComplete(R2dbcDataIntegrityViolationException.class)
        .thenReturn(0);
  }

  private Mono<Long> changed(Connection connection, String sql, Object... values) {
    return Mono.defer(() -> Requests.changed(Requests.bound(connection, spelled(sql), values)));
  }

  private String spelled(String sql) {
    return Requests.spelled(sql, database.sql().placeholder());
  }

  private Mono<BackupReport> run(Task task, int begun) {
    Manifest manifest = task.manifest();
    return Flux.range(begun, manifest.parts().size() - begun)
        .concatMap(number -> restore(task, number), 1)
        .then(database.send(connection -> countedOn(connection, task)))
        .then(Mono.defer(() -> compare(task)))
        .then(
            database.send(
                connection ->
                    changed(connection, "DELETE FROM batchflow_restores WHERE id = ?", task.id())))
        .thenReturn(
            new BackupReport(
                task.shape().name(),
                directory.path(),
                manifest.rows(),
                manifest.parts().size(),
                begun));
  }

  private Mono<Boolean> countedOn(Connection connection, Task task) {
    return database.sql().countOn(connection, task.shape()).thenReturn(true);
  }

  /** If it is cancelled, the transaction still ends: drivers do not take another end well. */
  private Mono<Long> restore(Task task, int number) {
    Manifest.Part part = task.manifest().parts().get(number);
    Mono<Long> restored =
        database.formatted(
            connection ->
                counted(connection, task, number)
                    .thenMany(
                        chunks(part)
                            .concatMap(
                                lines -> database.sql().insert(connection, task.shape(), lines), 1))
                    .reduce(0L, Long::sum));
    return Blocking.call(
            () -> {
              directory.verify(part);
              return part;
            })
        .then(Mono.defer(() -> Mono.fromFuture(restored.toFuture(), true)));
  }

  /** Keeps others from restoring the same part. */
  private Mono<Void> counted(Connection connection, Task task, int number) {
    return changed(
            connection,
            "UPDATE batchflow_restores SET parts = parts + 1 WHERE id = ? AND parts = ?",
            task.id(),
            number)
        .filter(rows -> rows == 1)
        .switchIfEmpty(
            Mono.error(
                () ->
                    new BackupException(
                        "Another run restores table '" + task.shape().name() + "'",
                        "Wait for its end")))
        .then();
  }

  private Flux<List<String>> chunks(Manifest.Part part) {
    return Flux.<List<String>, BufferedReader>using(
            () -> directory.open(part),
            reader -> Flux.generate(sink -> read(reader, sink)),
            RestoreRun::close)
        .subscribeOn(Schedulers.boundedElastic());
  }

  private static void read(BufferedReader reader, SynchronousSink<List<String>> sink) {
    List<String> lines = new ArrayList<>();
    long characters = 0;
    try {
      while (lines.size() < CHUNK_LINES && characters < CHUNK_CHARACTERS) {
        String line = reader.readLine();
        if (line == null) {
          break;
        }
        lines.add(line);
        characters += line.length();
      }
    } catch (IOException failure) {
      sink.error(failure);
      return;
    }
    if (lines.isEmpty()) {
      sink.complete();
    } else {
      sink.next(lines);
    }
  }

  private static void close(BufferedReader reader) {
    try {
      reader.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Fails unless the table has the rows of the backup, and no others. */
  private Mono<Void> compare(Task task) {
    List<Manifest.Part> parts = task.manifest().parts();
    return Flux.range(0, parts.size())
        .concatMap(
            number ->
                hash(task, number == 0 ? List.of() : parts.get(number - 1).lastKey(), number)
                    .filter(hash -> !hash.equals(parts.get(number).sha256()))
                    .map(hash -> BackupDirectory.partName(number + 1)),
            1)
        .concatWith(
            Mono.defer(() -> rows(task))
                .filter(rows -> rows != task.manifest().rows())
                .map(rows -> rows + " rows"))
        .next()
        .flatMap(
            difference ->
                Mono.error(
                    new BackupException(
                        "Table '"
                            + task.shape().name()
                            + "' differs from the backup: "
                            + difference,
                        "Keep others from writing meanwhile, empty the table and restore it"
                            + " again")));
  }

  private Mono<String> hash(Task task, List<String> after, int number) {
    long rows = task.manifest().parts().get(number).rows();
    TableExport export = database.export(task.shape());
    return database.formatted(
        connection ->
            export
                .rows(connection, after, rows)
                .collect(
                    Hashes::sha256,
                    (MessageDigest hash, ExportedRow row) -> hash.update(row.bytes()))
                .map(Hashes::hex));
  }

  private Mono<Long> rows(Task task) {
    return database.send(
        connection ->
            Requests.first(
                connection.createStatement("SELECT COUNT(*) FROM " + task.shape().quoted()),
                row -> Objects.requireNonNull(row.get(0, Number.class)).longValue()));
  }
}
