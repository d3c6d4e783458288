package io.batchflow.examples.tables;

import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableMissingException;
import io.batchflow.catalog.TableSettings;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Creates, lists, describes and drops tables. */
@RestController
@RequestMapping("/v1/tables")
class TableController {

  private final TableService tables;
  private final TableCatalog catalog;

  TableController(TableService tables, TableCatalog catalog) {
    this.tables = tables;
    this.catalog = catalog;
  }

  /** A table to create. The settings are those of the catalog, and flush_interval_seconds. */
  record NewTable(
      String tableName, @Nullable Map<String, Object> config, @Nullable Boolean ifNotExists) {

    NewTable {
      if (tableName == null) {
        throw new IllegalArgumentException("A table has a table_name.");
      }
    }

    TableSettings settings() {
      Map<String, String> texts = new LinkedHashMap<>();
      if (config != null) {
        config.forEach((key, value) -> put(texts, key, value));
      }
      return TableSettings.of(texts);
    }

    private static void put(Map<String, String> texts, String key, Object value) {
      if (key.equals("flush_interval_seconds")) {
        texts.put("flush_interval", value + "s");
      } else if (value instanceof Map<?, ?> properties) {
        properties.forEach((name, text) -> texts.put(key + "." + name, String.valueOf(text)));
      } else {
        texts.put(key, String.valueOf(value));
      }
    }
  }

  /** A table of the catalog. */
  record Info(String name, String status, Map<String, String> config, Instant createdAt) {

    static Info of(TableInfo table) {
      return new Info(
          table.name(), table.status().name(), table.settings().asMap(), table.createdAt());
    }
  }

  /** What a table has. */
  record Statistics(long recordCount) {}

  /** A table with its statistics. */
  record Description(Info tableInfo, Statistics statistics) {}

  /** Tables whose names match, and the number of all. */
  record Listing(List<Info> tables, int total) {}

  /** What became of a table. */
  record Dropped(boolean success, long deletedRows) {}

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Mono<Info> create(@RequestBody NewTable table) {
    return tables
        .create(table.tableName(), table.settings(), Boolean.TRUE.equals(table.ifNotExists()))
        .map(Info::of);
  }

  @GetMapping
  Mono<Listing> list(@RequestParam(defaultValue = "*") String pattern) {
    return catalog
        .list(pattern)
        .map(list -> new Listing(list.tables().stream().map(Info::of).toList(), list.total()));
  }

  @GetMapping("/{name}")
  Mono<Description> describe(@PathVariable String name) {
    return catalog
        .describe(name)
        .flatMap(
            table ->
                tables
                    .count(table)
                    .map(count -> new Description(Info.of(table), new Statistics(count))));
  }

  /** With {@code cascade}, the rows are deleted too. The table in the database stays. */
  @DeleteMapping("/{name}")
  Mono<Dropped> drop(
      @PathVariable String name,
      @RequestParam(name = "if_exists", defaultValue = "false") boolean ifExists,
      @RequestParam(defaultValue = "false") boolean cascade) {
    Mono<Long> drop = cascade ? tables.dropWithRows(name) : catalog.drop(name).thenReturn(0L);
    return drop.map(rows -> new Dropped(true, rows))
        .onErrorResume(
            TableMissingException.class,
            missing -> ifExists ? Mono.just(new Dropped(false, 0)) : Mono.error(missing));
  }
}
