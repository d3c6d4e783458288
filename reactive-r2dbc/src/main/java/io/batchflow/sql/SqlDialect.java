package io.batchflow.sql;

import org.jspecify.annotations.Nullable;

/**
 * What the SQL writers need to know of a database, in four parts: its {@linkplain DialectStatements
 * statements}, its {@linkplain DialectValues values}, its {@linkplain DialectErrors errors} and its
 * {@linkplain DialectSessions sessions}. Most methods have defaults; a new dialect needs {@link
 * #product}, {@link #quote}, {@link #catalogQuery}, {@link #insert}, {@link #maxParameters} and
 * {@link #classify}. {@code io.batchflow.sql.dialect.Dialects} has the dialects that the library
 * knows; another one is given to a writer when the writer is created.
 *
 * <p>Implementations are stateless and safe for any thread.
 */
public interface SqlDialect
    extends DialectStatements, DialectValues, DialectErrors, DialectSessions {

  /** Returns the name that drivers report for this database. */
  String product();

  /** Returns what OpenTelemetry calls this database. Defaults to {@code other_sql}. */
  default String system() {
    return "other_sql";
  }

  /**
   * Returns this dialect with the parameters of its statements spelled in this way. A writer asks
   * for the spelling of its driver: JDBC has only {@code ?}. Defaults to this dialect, which is
   * right for a dialect that always writes {@code ?}.
   */
  default SqlDialect withPlaceholder(Placeholder placeholder) {
    return this;
  }

  /**
   * Returns the query that reads the tables of a name, whatever its case: one parameter, the name;
   * one row for each column, with the eleven components of {@link CatalogRow} in their order.
   */
  String catalogQuery();

  /**
   * Returns why no batch can be written to a table, judged by its {@linkplain SqlTable#kind()
   * kind}; null, which is the default, if nothing speaks against it.
   */
  default @Nullable String problemOf(SqlTable table) {
    return null;
  }

  /**
   * Returns the query for a number that changes whenever the definition of a table does, which is
   * run in each transaction: a batch for a table that has changed is made anew. Only for a database
   * that is asked without a round trip. Defaults to null.
   */
  default @Nullable String versionQuery(SqlTable table) {
    return null;
  }

  /**
   * Returns whether a row that a statement counts is now in the table, just as it was given: no
   * view, trigger or rule may have dropped it or stored another. Where that is not so, nothing is
   * told of what a row did. Defaults to false.
   */
  default boolean storesAsGiven(SqlTable table) {
    return false;
  }
}
