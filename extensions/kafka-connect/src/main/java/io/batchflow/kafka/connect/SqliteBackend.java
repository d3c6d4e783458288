package io.batchflow.kafka.connect;

import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.dialect.Dialects;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.sqlite.SQLiteDataSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** SQLite, which has one writer at a time. */
record SqliteBackend(JdbcBatchWriter writer, SQLiteDataSource source) implements Backend {

  private static final Duration BUSY = Duration.ofSeconds(30);

  static SqliteBackend of(String url) {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl(url);
    source.setBusyTimeout((int) BUSY.toMillis());
    return new SqliteBackend(JdbcBatchWriter.create(source, Dialects.sqlite(BUSY)), source);
  }

  @Override
  public SqlDialect dialect() {
    return Dialects.sqlite();
  }

  @Override
  public Mono<Schema> schema(String table, ConflictStrategy strategy, List<String> key) {
    return writer.readSchema(table, strategy, key.toArray(new String[0]));
  }

  @Override
  public Mono<Void> reach() {
    return run("SELECT 1");
  }

  @Override
  public Mono<Void> run(String statement) {
    return Mono.fromCallable(
            () -> {
              try (Connection connection = source.getConnection();
                  Statement created = connection.createStatement()) {
                return created.execute(statement);
              }
            })
        .then()
        .subscribeOn(Schedulers.boundedElastic());
  }
}
