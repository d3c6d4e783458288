package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.backup.BackupReport;
import io.batchflow.backup.TableBackup;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The example of docs/backup.md: a table that is written to files and restored, on H2. */
class BackupExampleTest {

  private static TableBackup backup(ConnectionFactory database) {
    TableBackup backup = TableBackup.create(database);
    return backup;
  }

  private static Mono<BackupReport> copy(TableBackup backup, Path directory) {
    return backup
        .write("orders", directory)
        .then(backup.verify(directory))
        .then(backup.restore(directory, "orders_copy"));
  }

  @Test
  void aTableIsCopied(@TempDir Path directory) {
    ConnectionFactory database =
        ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID() + "?DB_CLOSE_DELAY=-1");
    for (String sql :
        List.of(
            "CREATE TABLE orders (id BIGINT PRIMARY KEY, item VARCHAR)",
            "CREATE TABLE orders_copy (id BIGINT PRIMARY KEY, item VARCHAR)",
            "INSERT INTO orders VALUES (7, 'a book'), (8, NULL)")) {
      Flux.usingWhen(
              database.create(),
              connection ->
                  Flux.from(connection.createStatement(sql).execute())
                      .flatMap(Result::getRowsUpdated),
              Connection::close)
          .blockLast();
    }

    BackupReport report = copy(backup(database), directory).block(Duration.ofSeconds(30));

    assertThat(report.rows()).isEqualTo(2);
  }
}
