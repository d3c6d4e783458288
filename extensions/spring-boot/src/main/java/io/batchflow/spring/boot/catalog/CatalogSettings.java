package io.batchflow.spring.boot.catalog;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.catalog.CatalogStore;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableSettings;
import io.batchflow.spring.boot.FlowStartException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.context.properties.PropertyMapper;

/** Checks the properties of a catalog: what is refused is named by its key. */
record CatalogSettings(CatalogProperties properties) {

  TableCatalog build(CatalogStore store) {
    TableSettings defaults = checked("defaults", properties.defaults()::settings);
    tables().values().forEach(table -> checked("tables", () -> table.withDefaults(defaults)));
    return checked("*", () -> build(store, defaults));
  }

  private TableCatalog build(CatalogStore store, TableSettings defaults) {
    TableCatalog.Builder builder = TableCatalog.builder(store).defaults(defaults);
    PropertyMapper map = PropertyMapper.get();
    map.from(properties.pollInterval()).to(builder::pollInterval);
    map.from(properties.readTimeout()).to(builder::readTimeout);
    map.from(properties.maxTables()).to(builder::maxTables);
    map.from(properties.namePattern()).to(builder::namePattern);
    map.from(properties.defaultTable()).to(builder::defaultTable);
    return builder.build();
  }

  /** Returns the settings of the tables of the properties. */
  Map<String, TableSettings> tables() {
    Map<String, TableSettings> tables = new LinkedHashMap<>();
    properties
        .tables()
        .forEach((name, table) -> tables.put(name, checked("tables." + name, table::settings)));
    return tables;
  }

  private static <T> T checked(String key, Supplier<T> value) {
    try {
      return value.get();
    } catch (InvalidConfigurationException | IllegalArgumentException invalid) {
      String path = CatalogProperties.PREFIX + "." + key;
      throw new FlowStartException(
          "The catalog cannot be built from '%s': %s".formatted(path, invalid.getMessage()),
          "Check %s.".formatted(path),
          invalid);
    }
  }
}
