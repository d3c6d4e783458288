package io.batchflow.examples;

import io.batchflow.BatchWriter;
import io.batchflow.sql.SqlDialect;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** A database to load into, with its writer and a plain connection. Not thread-safe. */
interface Target extends AutoCloseable {

  /**
   * Connects to the database of a URL.
   *
   * @throws LoadException if the database cannot be reached
   */
  static Target open(String url) {
    if (url.startsWith("r2dbc:")) {
      return R2dbcTarget.open(url);
    }
    if (url.startsWith("jdbc:sqlite:")) {
      return SqliteTarget.open(url);
    }
    throw new LoadException(
        "--db takes jdbc:sqlite:FILE or an R2DBC URL such as r2dbc:h2:file:///./FILE, not "
            + Reason.withoutCredentials(url));
  }

  /** Returns its name in the report. */
  String name();

  SqlDialect dialect();

  /** Returns the type to convert texts to, for a column type of this database. */
  default ColumnType typeOf(String sqlType) {
    return ColumnType.of(sqlType);
  }

  /** Returns the database's name of a type. */
  default String nameOf(ColumnType type) {
    return type.sql();
  }

  /** Returns a new writer to the database. The flow that uses it closes it. */
  BatchWriter writer();

  /** Runs a statement. */
  void execute(String sql);

  /** Runs a query and returns its rows. */
  List<List<@Nullable Object>> query(String sql, Object... parameters);

  /**
   * Runs a statement for each row in turn, each in its own transaction. Skips rows that the
   * database rejects.
   *
   * @return the number of rows for which the statement ran
   */
  long executeEach(String sql, Flux<List<@Nullable Object>> rows);

  @Override
  void close();
}
