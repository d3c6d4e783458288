package io.batchflow.examples;

import io.batchflow.BatchWriter;
import io.batchflow.sql.SqlDialect;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** A database to load into: its writer, and a plain connection beside it. Belongs to one thread. */
interface Target extends AutoCloseable {

  /**
   * Connects to the database of a URL.
   *
   * @throws LoadException if it cannot be reached
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

  /** Returns how to call it in the report. */
  String name();

  SqlDialect dialect();

  /** Returns the type to convert texts to, for a column that the database calls so. */
  default ColumnType typeOf(String sqlType) {
    return ColumnType.of(sqlType);
  }

  /** Returns what the database calls a type. */
  default String nameOf(ColumnType type) {
    return type.sql();
  }

  /** Returns a new writer to the database, to be closed by the flow that it is for. */
  BatchWriter writer();

  /** Runs a statement. */
  void execute(String sql);

  /** Runs a query, and returns its rows. */
  List<List<@Nullable Object>> query(String sql, Object... parameters);

  /**
   * Runs a statement for one row after the other, each in a transaction of its own; a row that the
   * database rejects is passed over.
   *
   * @return the number of rows it was run for
   */
  long executeEach(String sql, Flux<List<@Nullable Object>> rows);

  @Override
  void close();
}
