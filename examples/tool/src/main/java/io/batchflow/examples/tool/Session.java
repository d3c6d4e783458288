package io.batchflow.examples.tool;

import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableSettings;
import io.batchflow.catalog.yaml.CatalogFile;
import io.batchflow.catalog.yaml.CatalogYaml;
import io.r2dbc.spi.ConnectionFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A catalog, and the database that has the rows, for one command. Blocks. */
record Session(StoreLink link, TableCatalog catalog, @Nullable ConnectionFactory rows)
    implements AutoCloseable {

  /** Opens a session, which closes the store. */
  static Session open(StoreLink link, @Nullable Path tables, @Nullable ConnectionFactory rows) {
    try {
      CatalogFile file = read(tables);
      TableCatalog catalog = TableCatalog.builder(link.store()).defaults(file.defaults()).build();
      if (link.inMemory()) {
        file.createIn(catalog).blockLast();
      }
      return new Session(link, catalog, rows);
    } catch (RuntimeException failure) {
      link.close();
      throw failure;
    }
  }

  private static CatalogFile read(@Nullable Path tables) {
    if (tables == null) {
      return new CatalogFile(TableSettings.none(), Map.of());
    }
    try {
      return CatalogYaml.create().read(tables);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Waits for a result. */
  <T> T get(Mono<T> work) {
    return Objects.requireNonNull(work.block());
  }

  /** Waits for the end. */
  void run(Mono<Void> work) {
    work.block();
  }

  /** Returns the connections to the rows. */
  ConnectionFactory database() {
    if (rows == null) {
      throw ToolException.usage(
          "Name the database that has the rows, by --db or the variable BATCHFLOW_DB.");
    }
    return rows;
  }

  /** Returns what the database knows about the tables. */
  TableFacts facts() {
    return new TableFacts(database());
  }

  /** Returns tables by names, which must exist, or patterns with * and ?; all if none is given. */
  List<TableInfo> tables(List<String> patterns) {
    Map<String, TableInfo> found = new LinkedHashMap<>();
    for (String pattern : patterns.isEmpty() ? List.of("*") : patterns) {
      boolean isName = !pattern.contains("*") && !pattern.contains("?");
      Flux<TableInfo> tables =
          isName
              ? catalog.describe(pattern).flux()
              : catalog.list(pattern).flatMapIterable(list -> list.tables());
      get(tables.collectList()).forEach(table -> found.put(table.name(), table));
    }
    return List.copyOf(found.values());
  }

  @Override
  public void close() {
    link.close();
  }
}
