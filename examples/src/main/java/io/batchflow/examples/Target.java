package io.batchflow.examples;

import io.batchflow.BatchWriter;
import io.batchflow.Request;
import io.batchflow.Schema;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;

/** A database to load into, and what the program asks of it beside writing batches. */
interface Target extends AutoCloseable {

  /**
   * Opens the database of a URL.
   *
   * @throws LoadException if the URL is of another kind or the database cannot be reached
   */
  static Target open(String url) {
    if (url.startsWith("jdbc:sqlite:")) {
      return SqliteTarget.open(url);
    }
    if (url.startsWith("r2dbc:")) {
      return R2dbcTarget.open(url);
    }
    throw new LoadException(
        "Option --db takes an R2DBC URL (r2dbc:…) or jdbc:sqlite:FILE, not " + url + ".");
  }

  /** Returns the database's name for each type that it has. */
  Map<ColumnType, String> types();

  /** Returns the columns of a table; none where there is no such table. */
  List<Column> columnsOf(String table);

  /** Runs a statement without parameters. */
  void execute(String sql);

  /** Returns the rows of a query, each value as text. */
  List<List<String>> query(String sql);

  /** Returns an identifier in quotes. */
  String quote(String identifier);

  /** Returns a writer of batches; a flow closes it. */
  BatchWriter writer();

  /** Stores the rows with one INSERT for each, one after the other, as one would by hand. */
  void insertOneByOne(Schema schema, Flux<Request> rows);

  @Override
  void close();

  default Set<ColumnType> candidates() {
    return types().keySet();
  }

  default String quotedTable(Schema schema) {
    return schema.tablePath().stream().map(this::quote).collect(Collectors.joining("."));
  }

  default void create(Schema schema, List<Column> columns, List<String> key) {
    String definitions =
        columns.stream()
            .map(column -> quote(column.name()) + " " + types().get(column.type()))
            .collect(Collectors.joining(", "));
    String primaryKey =
        key.isEmpty()
            ? ""
            : key.stream()
                .map(this::quote)
                .collect(Collectors.joining(", ", ", PRIMARY KEY (", ")"));
    execute("CREATE TABLE " + quotedTable(schema) + " (" + definitions + primaryKey + ")");
  }

  /** Returns the text of a plain INSERT of one row with {@code ?} for each value. */
  default String insertOne(Schema schema) {
    String names = schema.columns().stream().map(this::quote).collect(Collectors.joining(", "));
    String marks = schema.columns().stream().map(name -> "?").collect(Collectors.joining(", "));
    return "INSERT INTO " + quotedTable(schema) + " (" + names + ") VALUES (" + marks + ")";
  }
}
