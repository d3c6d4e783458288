package io.batchflow.catalog.yaml;

import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableSettings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import reactor.core.publisher.Flux;

/**
 * What a file says about tables. Immutable.
 *
 * @param defaults the settings of tables that do not set their own, for {@link
 *     TableCatalog.Builder#defaults}
 * @param tables the settings of each table by its name, in the order of the file; unmodifiable
 */
public record CatalogFile(TableSettings defaults, Map<String, TableSettings> tables) {

  /** Copies the tables. */
  public CatalogFile {
    tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
  }

  /**
   * Creates the tables that a catalog does not have. Those that it has stay as they are: a shared
   * catalog is changed by {@link TableCatalog#alter}.
   *
   * @return all tables of the file, as they are in the catalog. Fails as {@link
   *     TableCatalog#createIfAbsent} does
   */
  public Flux<TableInfo> createIn(TableCatalog catalog) {
    return Flux.fromIterable(tables.entrySet())
        .concatMap(table -> catalog.createIfAbsent(table.getKey(), table.getValue()));
  }
}
