package io.batchflow.kafka.connect;

import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.sql.SqlDialect;
import java.util.List;
import reactor.core.publisher.Mono;

/** What differs between databases: how rows are written, and how tables are described. */
interface Backend {

  BatchWriter writer();

  /** Spells names and types. Only if tables can be changed. */
  SqlDialect dialect();

  /** Connects to the database, and disconnects. */
  Mono<Void> reach();

  /** Returns whether a column can hold null. If not, a null is left out. */
  default boolean storesNull() {
    return true;
  }

  /**
   * Reads the schema of a table.
   *
   * @param key the columns of the key; if none are given, it is the primary key
   */
  Mono<Schema> schema(String table, ConflictStrategy strategy, List<String> key);

  /** Reads more about a table. */
  default Mono<RealTable> real(Schema schema) {
    return Mono.just(RealTable.of(schema));
  }

  /** Runs a statement that creates or changes a table, on a connection of its own. */
  Mono<Void> run(String statement);
}
