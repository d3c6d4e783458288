package io.batchflow.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Writes a table to a directory, part by part, or what is left of it. Immutable. */
final class WriteRun {

  /** So many rows wait for the file at most. */
  private static final int PREFETCH = 256;

  private final Database database;
  private final BackupDirectory directory;
  private final int partRows;

  WriteRun(Database database, BackupDirectory directory, int partRows) {
    this.database = database;
    this.directory = directory;
    this.partRows = partRows;
  }

  Mono<BackupReport> run(String table) {
    return database
        .shape(table)
        .flatMap(
            shape -> Blocking.call(() -> begun(shape)).flatMap(manifest -> run(shape, manifest)));
  }

  /** Returns the manifest of an earlier run that was interrupted, or a new one. */
  private Manifest begun(Shape shape) throws IOException {
    List<String> columns = shape.columns().stream().map(BackupColumn::name).toList();
    Manifest fresh =
        new Manifest(
            UUID.randomUUID().toString(),
            shape.name(),
            database.product(),
            columns,
            List.of(),
            false);
    Manifest found = directory.manifest().orElse(null);
    if (found == null) {
      directory.write(fresh);
      return fresh;
    }
    if (found.complete()
        || !found.table().equals(fresh.table())
        || !found.database().equals(fresh.database())
        || !found.columns().equals(columns)) {
      throw new BackupException(
          "The directory "
              + directory.path()
              + (found.complete()
                  ? " has a complete backup"
                  : " has a backup of another table, or of other columns"),
          "Give another directory");
    }
    return found;
  }

  private Mono<BackupReport> run(Shape shape, Manifest begun) {
    return Mono.just(begun)
        .expand(manifest -> manifest.complete() ? Mono.empty() : next(shape, manifest))
        .last()
        .map(
            manifest ->
                new BackupReport(
                    manifest.table(),
                    directory.path(),
                    manifest.rows(),
                    manifest.parts().size(),
                    begun.parts().size()));
  }

  /** Writes the next part. It counts once the manifest names it. */
  private Mono<Manifest> next(Shape shape, Manifest manifest) {
    int number = manifest.parts().size();
    List<String> after = number == 0 ? List.of() : manifest.parts().get(number - 1).lastKey();
    String name = BackupDirectory.partName(number + 1);
    return written(shape, after, name)
        .flatMap(part -> Blocking.call(() -> finished(manifest, part)));
  }

  private Mono<Manifest.Part> written(Shape shape, List<String> after, String name) {
    TableExport export = database.export(shape);
    return database.formatted(
        connection ->
            Mono.using(
                    () -> PartWriter.open(directory.unfinished(name)),
                    writer ->
                        export
                            .rows(connection, after, partRows)
                            .publishOn(Schedulers.boundedElastic(), PREFETCH)
                            .doOnNext(writer::add)
                            .then(Mono.fromCallable(() -> writer.finish(name))),
                    WriteRun::close)
                .subscribeOn(Schedulers.boundedElastic()));
  }

  private static void close(PartWriter writer) {
    try {
      writer.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Manifest finished(Manifest manifest, Manifest.Part part) throws IOException {
    Manifest more;
    if (part.rows() == 0) {
      Files.delete(directory.unfinished(part.file()));
      more = manifest.completed();
    } else {
      directory.finish(part.file());
      more = manifest.with(part, part.rows() < partRows);
    }
    directory.write(more);
    return more;
  }
}
