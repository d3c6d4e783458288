package io.batchflow.backup;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableInfo;
import io.r2dbc.spi.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes the rows of a table to files and restores them, on PostgreSQL, MySQL, MariaDB and H2. A
 * backup is a directory with {@code manifest.json} and files of JSON lines, compressed by gzip. A
 * line is an object with the value of each column as the text of the database, or null. The table
 * needs a primary key, and its definition is not part of the backup.
 *
 * <p>Rows are read in the order of the key, each file by one query. Who interrupts a backup or a
 * restore can start it again: it goes on after the last complete file. Rows that others change
 * while a backup is written are in it as they are before or after the change.
 *
 * <p>Thread-safe. Holds nothing until it is subscribed. Uses one connection at a time, and works
 * with files on {@code Schedulers.boundedElastic()}. In memory are some hundreds of rows. The
 * factory stays yours.
 */
public final class TableBackup {

  private static final int PART_ROWS = 20_000;

  private final Database database;
  private final int partRows;

  private TableBackup(Builder builder) {
    this.database = new Database(builder.factory);
    this.partRows = builder.partRows;
  }

  /**
   * Returns backups with every option at its default.
   *
   * @throws InvalidConfigurationException if the database is not supported
   */
  public static TableBackup create(ConnectionFactory factory) {
    return builder(factory).build();
  }

  /** Starts to build backups. */
  public static Builder builder(ConnectionFactory factory) {
    return new Builder(factory);
  }

  /**
   * Writes a table, or what is left of it if an earlier run was interrupted.
   *
   * @param table the name of the table; dots separate qualifiers. Matched exactly, or else without
   *     regard to case
   * @param directory one for this backup; created if it is missing
   * @return what the directory has then. Fails with {@link BackupException} if it has a complete
   *     backup, or one of another table, or if the table cannot be backed up
   */
  public Mono<BackupReport> write(String table, Path directory) {
    return new WriteRun(database, new BackupDirectory(directory), partRows).run(table);
  }

  /**
   * Writes the tables of a catalog whose {@code backup_enabled}, or that of the defaults of the
   * catalog, is true, one after the other.
   *
   * @param directory one for these backups; each table has a directory of its name there
   * @return the backup of each table that was not complete yet. Ends with the first failure; a
   *     later run goes on there
   */
  public Flux<BackupReport> writeAll(TableCatalog catalog, Path directory) {
    return catalog
        .list()
        .flatMapIterable(list -> list.tables())
        .filter(table -> isEnabled(catalog, table))
        .concatMap(table -> writeUnlessComplete(table.name(), directory.resolve(table.name())));
  }

  private Mono<BackupReport> writeUnlessComplete(String table, Path directory) {
    return Blocking.call(() -> new BackupDirectory(directory).manifest())
        .filter(found -> found.isEmpty() || !found.get().complete())
        .flatMap(found -> write(table, directory));
  }

  private static boolean isEnabled(TableCatalog catalog, TableInfo table) {
    return Boolean.TRUE.equals(table.settings().withDefaults(catalog.defaults()).backupEnabled());
  }

  /**
   * Reads all files of a complete backup, and compares their rows with the numbers and hashes of
   * the manifest.
   *
   * @return what the directory has. Fails with {@link BackupException} if a file is damaged or
   *     missing, or the backup is not complete
   */
  public Mono<BackupReport> verify(Path directory) {
    return Blocking.call(() -> verified(new BackupDirectory(directory)));
  }

  private static BackupReport verified(BackupDirectory directory) throws IOException {
    Manifest manifest = directory.required();
    if (!manifest.complete()) {
      throw new BackupException(
          "The backup in " + directory.path() + " is not complete", "Write it to its end first");
    }
    List<Manifest.Part> parts = manifest.parts();
    parts.forEach(directory::verify);
    return new BackupReport(manifest.table(), directory.path(), manifest.rows(), parts.size(), 0);
  }

  /**
   * Inserts the rows of a complete backup into an empty table, or what is left of them if an
   * earlier run was interrupted. Then reads the table, and compares its rows with the numbers and
   * hashes of the backup. Each file is verified before its rows are inserted, in one transaction,
   * which also counts it in the table {@code batchflow_restores}. That table is created if it is
   * missing.
   *
   * @param directory what {@link #write} was given
   * @param table the table to restore to, which has the same columns and primary key
   * @return what was restored. Fails with {@link BackupException} if a file is damaged, if the
   *     table does not fit or is not empty, or if it differs in the end
   */
  public Mono<BackupReport> restore(Path directory, String table) {
    return new RestoreRun(database, new BackupDirectory(directory)).run(table);
  }

  @Override
  public String toString() {
    return "TableBackup[" + database.product() + "]";
  }

  /** Builds a {@link TableBackup}. Not safe for concurrent use. */
  public static final class Builder {

    private final ConnectionFactory factory;
    private int partRows = PART_ROWS;

    private Builder(ConnectionFactory factory) {
      this.factory = Objects.requireNonNull(factory, "factory");
    }

    /**
     * Sets how many rows a file has. A run that was interrupted repeats at most one file, and a
     * file is restored in one transaction. Defaults to 20,000.
     *
     * @throws InvalidConfigurationException unless from 1 to 10,000,000
     */
    public Builder partRows(int rows) {
      if (rows < 1 || rows > 10_000_000) {
        throw new InvalidConfigurationException(
            "partRows", "is " + rows, "Give a number from 1 to 10,000,000");
      }
      this.partRows = rows;
      return this;
    }

    /**
     * Builds backups.
     *
     * @throws InvalidConfigurationException if the database is not supported
     */
    public TableBackup build() {
      return new TableBackup(this);
    }
  }
}
