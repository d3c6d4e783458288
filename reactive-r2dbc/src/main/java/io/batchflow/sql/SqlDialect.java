package io.batchflow.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the SQL writers need to know about a database: its {@linkplain DialectStatements
 * statements}, its {@linkplain DialectValues values}, its {@linkplain DialectErrors errors} and its
 * {@linkplain DialectSessions sessions}. Most methods have defaults. A new dialect needs {@link
 * #product}, {@link #catalogQuery}, {@link #insert} and {@link #maxParameters}; {@code
 * io.batchflow.sql.dialect.SqlText} helps to write them. {@code io.batchflow.sql.dialect.Dialects}
 * has the dialects of the library. You pass another one to a writer when you create the writer.
 *
 * <p>Implementations are stateless and safe for any thread.
 */
public interface SqlDialect
    extends DialectStatements, DialectValues, DialectErrors, DialectSessions {

  /** Returns the product name that the drivers of the database report. */
  String product();

  /** Returns the name of the database in OpenTelemetry. Defaults to {@code other_sql}. */
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
   * Returns the query that reads the tables of a name, whatever its case. It has one parameter, the
   * name. Its result has one row for each column of a table, with the eleven components of {@link
   * CatalogRow} in their order.
   */
  String catalogQuery();

  /**
   * Returns why no batch can be written to a table, by its {@linkplain SqlTable#kind() kind}; null,
   * which is the default, if batches can be written.
   */
  default @Nullable String problemOf(SqlTable table) {
    return null;
  }

  /**
   * Returns the query for a number that changes whenever the definition of a table does. It runs in
   * each transaction. If the table has changed, the statements of the batch are made again. Only
   * for a database that answers without a round trip. Defaults to null.
   */
  default @Nullable String versionQuery(SqlTable table) {
    return null;
  }

  /**
   * Returns why the values of stored rows cannot be returned, for a message. Defaults to that the
   * database cannot.
   *
   * @param present the columns that the rows set
   */
  default String reasonForNoValues(SqlTable table, List<SqlColumn> present) {
    return product() + " cannot return the values of the rows of a statement";
  }

  /**
   * Returns whether a row that a statement counts is in the table as it was given. That is not so
   * if a view, a trigger or a rule may drop or change rows. Then no verdicts are given for single
   * rows. Defaults to false.
   */
  default boolean storesAsGiven(SqlTable table) {
    return false;
  }
}
