package io.batchflow.benchmarks;

import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.redis.RedisBatchWriter;
import io.batchflow.redis.RedisMapping;
import io.batchflow.sql.dialect.Dialects;
import java.sql.SQLException;
import java.time.Duration;
import org.h2.jdbcx.JdbcDataSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/** Opens the writer for a URL, for the backends of the fault runs. */
final class TargetWriters {

  /** The prefix of a key in Redis, followed by the id. */
  static final String REDIS_PREFIX = "fault:";

  private static final Duration REDIS_TIMEOUT = Duration.ofMillis(500);

  private TargetWriters() {}

  static BatchWriter open(String url) {
    if (url.startsWith("redis:")) {
      return redis(url);
    }
    if (url.startsWith("jdbc:sqlite:")) {
      SQLiteDataSource source = new SQLiteDataSource();
      source.setUrl(url);
      return JdbcBatchWriter.create(source, Dialects.sqlite());
    }
    if (url.startsWith("jdbc:h2:")) {
      JdbcDataSource source = new JdbcDataSource();
      source.setURL(url);
      return JdbcBatchWriter.create(source, Dialects.h2());
    }
    if (url.startsWith("jdbc:postgresql:")) {
      PGSimpleDataSource source = new PGSimpleDataSource();
      source.setUrl(url);
      return JdbcBatchWriter.create(source, Dialects.postgres());
    }
    if (url.startsWith("jdbc:mariadb:")) {
      return JdbcBatchWriter.create(mariaDb(url), Dialects.mysql());
    }
    return R2dbcBatchWriter.create(url);
  }

  private static MariaDbDataSource mariaDb(String url) {
    try {
      return new MariaDbDataSource(url);
    } catch (SQLException failure) {
      throw new IllegalArgumentException("No URL of MariaDB", failure);
    }
  }

  private static BatchWriter redis(String url) {
    RedisBatchWriter.Builder builder = RedisBatchWriter.builder(url).timeout(REDIS_TIMEOUT);
    for (ConflictStrategy strategy : ConflictStrategy.values()) {
      builder.map(FaultTarget.schema(strategy), RedisMapping.set(REDIS_PREFIX + "{id}", "val"));
    }
    return builder.build();
  }
}
