package io.batchflow.r2dbc.retention;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;

/** A file of SQLite with a table of events. */
record SqliteEvents(SQLiteDataSource source) {

  static final Duration KEEP = Duration.ofDays(30);
  static final Duration OLD = KEEP.plusMinutes(1);
  static final Duration YOUNG = KEEP.minusMinutes(1);

  static SqliteEvents in(Path directory) {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + directory.resolve("events.db"));
    return new SqliteEvents(source);
  }

  static RetentionRule rule() {
    return RetentionRule.of("events", "at_time", KEEP);
  }

  void run(String sql) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  /** Inserts events with the ids from 0 on. */
  void insert(List<? extends @Nullable Object> times) {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("INSERT INTO events (id, at_time) VALUES (?, ?)")) {
      connection.setAutoCommit(false);
      for (int i = 0; i < times.size(); i++) {
        statement.setLong(1, i);
        statement.setObject(2, times.get(i));
        statement.addBatch();
      }
      statement.executeBatch();
      connection.commit();
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  List<Long> kept() {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT id FROM events ORDER BY id")) {
      List<Long> ids = new ArrayList<>();
      while (result.next()) {
        ids.add(result.getLong(1));
      }
      return ids;
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  static Instant ago(Duration age) {
    return Instant.now().minus(age);
  }

  static LocalDateTime utc(Duration age) {
    return LocalDateTime.ofInstant(ago(age), ZoneOffset.UTC);
  }
}
