package io.batchflow.r2dbc;

import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlVerdicts;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Binds the rows of a batch, and asks for their keys beside its statements. */
final class R2dbcStatements {

  private final Connection connection;
  private final R2dbcDriver driver;

  R2dbcStatements(Connection connection, R2dbcDriver driver) {
    this.connection = connection;
    this.driver = driver;
  }

  /** Returns a statement with a text and all values of some rows. */
  Statement of(String sql, SqlStatement rows) {
    Statement statement = connection.createStatement(sql);
    bindTo(statement, rows);
    return statement;
  }

  void bindTo(Statement statement, SqlStatement rows) {
    rows.bindTo((index, value) -> bind(statement, index, value));
  }

  private Statement ofKeys(String sql, SqlStatement rows) {
    Statement query = connection.createStatement(sql);
    rows.bindKeysTo((index, value) -> bind(query, index, value));
    return query;
  }

  /** Returns the numbers of the rows whose keys are there, and locks them. */
  Mono<Set<Integer>> existing(String lock, SqlStatement rows) {
    return Flux.from(ofKeys(lock, rows).execute())
        .concatMap(result -> result.map(row -> (int) number(row, 0)))
        .collect(Collectors.toSet());
  }

  /** Asks for the stored values of the rows that have the keys, if someone asks for them. */
  Mono<Void> readBack(SqlStatement rows, SqlVerdicts verdicts) {
    String sql = rows.selectStored();
    if (sql == null) {
      return Mono.empty();
    }
    Statement query = connection.createStatement(sql);
    rows.bindStoredTo((index, value) -> bind(query, index, value));
    return Flux.from(query.execute())
        .concatMap(
            result ->
                result.map((row, columns) -> values(row, columns.getColumnMetadatas().size())))
        .collectMap(values -> (int) number(values[0]), R2dbcStatements::withoutNumber)
        .doOnNext(found -> verdicts.readBack(rows, found))
        .then();
  }

  private static @Nullable Object[] withoutNumber(@Nullable Object[] values) {
    return Arrays.copyOfRange(values, 1, values.length);
  }

  static long number(Readable row, int index) {
    return number(row.get(index));
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : Long.MAX_VALUE;
  }

  static @Nullable Object[] values(Readable row, int count) {
    @Nullable Object[] values = new Object[count];
    for (int i = 0; i < count; i++) {
      values[i] = row.get(i);
    }
    return values;
  }

  /** A driver's RuntimeException here is caused by the value, unless it is an R2dbcException. */
  private void bind(Statement statement, int index, @Nullable Object value) {
    try {
      if (value == null) {
        statement.bindNull(index, String.class);
      } else if (value instanceof Object[] array) {
        statement.bind(index, driver.array(array));
      } else {
        statement.bind(index, value);
      }
    } catch (R2dbcException failure) {
      throw failure;
    } catch (RuntimeException | StackOverflowError rejected) {
      throw new IllegalArgumentException("the driver does not take it", rejected);
    }
  }
}
