package io.batchflow.examples.tables;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.catalog.CatalogBinding;
import io.batchflow.catalog.CatalogEvent;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableSettings;
import io.batchflow.r2dbc.catalog.ColumnType;
import io.batchflow.r2dbc.catalog.R2dbcTables;
import io.r2dbc.spi.ConnectionFactory;
import jakarta.annotation.PreDestroy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Service;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** The tables of the catalog. All have the same columns: an id, a time, and any JSON. */
@Service
class TableService {

  private static final Map<String, ColumnType> COLUMNS =
      Map.of("id", ColumnType.TEXT, "timestamp", ColumnType.TIMESTAMP, "payload", ColumnType.TEXT);

  private final TableCatalog catalog;
  private final R2dbcTables tables;
  private final BatchFlow flow;
  private final DatabaseClient database;

  /** The catalog is asked once for each table, and tells when one was dropped, by any process. */
  private final Map<String, Schema> known = new ConcurrentHashMap<>();

  private final Disposable following;

  TableService(
      TableCatalog catalog, R2dbcTables tables, BatchFlow flow, ConnectionFactory database) {
    this.catalog = catalog;
    this.tables = tables;
    this.flow = flow;
    this.database = DatabaseClient.create(database);
    this.following =
        catalog
            .changes()
            .filter(event -> event.kind() == CatalogEvent.Kind.REMOVED)
            .mapNotNull(CatalogEvent::table)
            .subscribe(table -> known.remove(table.name()));
  }

  @PreDestroy
  void stop() {
    following.dispose();
  }

  /** Creates a table in the catalog, which checks the name, and then in the database. */
  Mono<TableInfo> create(String name, TableSettings settings, boolean ifNotExists) {
    return (ifNotExists ? catalog.createIfAbsent(name, settings) : catalog.create(name, settings))
        .flatMap(table -> tables.createIfAbsent(schemaOf(name), COLUMNS).then(Mono.just(table)));
  }

  /** Returns the schema of a table. Fails if the catalog has none of this name. */
  Mono<Schema> schema(String name) {
    Schema schema = known.get(name);
    return schema != null
        ? Mono.just(schema)
        : catalog.describe(name).map(table -> known.computeIfAbsent(name, TableService::schemaOf));
  }

  private static Schema schemaOf(String name) {
    return Schema.table(name)
        .columns("id", "timestamp", "payload")
        .conflictKey("id")
        .onConflict(ConflictStrategy.UPDATE)
        .build();
  }

  /** Counts the rows of a table that exists. */
  Mono<Long> count(TableInfo table) {
    return database
        .sql("SELECT COUNT(*) FROM \"" + table.name() + "\"")
        .map(row -> row.get(0, Long.class))
        .one();
  }

  /** Drops a table with its rows, which are written before, and returns how many there were. */
  Mono<Long> dropWithRows(String name) {
    return Mono.using(
        () -> CatalogBinding.start(catalog, flow),
        binding -> binding.dropWithRows(name, tables::deleteRows),
        CatalogBinding::dispose);
  }
}
