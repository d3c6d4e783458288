package io.batchflow.sql;

import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.util.List;

/**
 * Orders and their items, which belong together: an item needs its order, and no amount below 0.
 */
final class Orders {

  static final Schema ORDERS =
      Schema.table("unit_orders").columns("id", "note").conflictKey("id").build();

  static final Schema ITEMS =
      Schema.table("unit_items")
          .columns("order_id", "line", "amount")
          .conflictKey("order_id", "line")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  static final List<String> TABLES =
      List.of(
          "CREATE TABLE unit_orders (id BIGINT PRIMARY KEY, note VARCHAR(20))",
          "CREATE TABLE unit_items (order_id BIGINT NOT NULL, line BIGINT NOT NULL,"
              + " amount BIGINT CHECK (amount >= 0), PRIMARY KEY (order_id, line),"
              + " FOREIGN KEY (order_id) REFERENCES unit_orders (id))");

  private Orders() {}

  static Row order(long id) {
    return ORDERS.row().set("id", id).set("note", "n" + id);
  }

  static Row item(long order, long line, long amount) {
    return ITEMS.row().set("order_id", order).set("line", line).set("amount", amount);
  }

  static Backend open(Backend.Kind kind, Path directory) {
    Backend backend = kind.open(directory);
    TABLES.forEach(table -> backend.run(table));
    return backend;
  }

  /** Returns the numbers of a query's only column. */
  static List<Long> numbers(Backend backend, String query) {
    return backend.read(query).stream().map(row -> (Long) row.get(0)).toList();
  }
}
