package io.batchflow.examples.tool;

import io.batchflow.BatchFlow;
import io.batchflow.Schema;
import io.batchflow.catalog.CatalogBinding;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableList;
import io.batchflow.catalog.TableStatus;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.r2dbc.catalog.ColumnType;
import io.batchflow.r2dbc.catalog.R2dbcTables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

/** The commands for the tables of a catalog. */
@Command(name = "table", description = "Creates, shows, changes and drops tables of the catalog.")
final class TableCommand {

  @Mixin final Help help = new Help();

  @Command(description = "Creates a table in the catalog, and in the database if it has columns.")
  int create(
      @Mixin Access access,
      @Mixin Output output,
      @Parameters(paramLabel = "TABLE", description = "The name of the table") String name,
      @Mixin SettingOptions settings,
      @Option(
              names = "--column",
              paramLabel = "NAME=TYPE",
              description = {
                "A column to create in the database. Its type is boolean, integer, bigint, double,",
                "decimal, text, timestamp, date, uuid, bytes or json. May be repeated"
              })
          @Nullable Map<String, ColumnType> columns,
      @Option(
              names = "--key",
              split = ",",
              paramLabel = "COLUMN",
              description = "The columns of the primary key")
          @Nullable List<String> key,
      @Option(names = "--if-not-exists", description = "If there is such a table, show it as it is")
          boolean ifNotExists) {
    try (Session session = access.open()) {
      TableCatalog catalog = session.catalog();
      TableInfo table =
          session.get(
              ifNotExists
                  ? catalog.createIfAbsent(name, settings.settings())
                  : catalog.create(name, settings.settings()));
      if (columns != null) {
        Schema schema =
            Schema.table(name)
                .columns(List.copyOf(columns.keySet()))
                .conflictKey(key == null ? List.of() : key)
                .build();
        session.run(R2dbcTables.create(session.database()).createIfAbsent(schema, columns));
      }
      output.record(TableView.all(table));
      return 0;
    }
  }

  @Command(description = "Lists tables with their most important settings.")
  int list(
      @Mixin Access access,
      @Mixin Output output,
      @Parameters(
              paramLabel = "PATTERN",
              defaultValue = "*",
              description = "A name with * and ?. Default: ${DEFAULT-VALUE}")
          String pattern) {
    try (Session session = access.open()) {
      TableList list = session.get(session.catalog().list(pattern));
      output.rows(
          "tables",
          list.tables().stream()
              .map(table -> TableView.line(table, session.catalog().defaults()))
              .toList());
      output.note(list.tables().size() + " of " + list.total() + " tables");
      return 0;
    }
  }

  @Command(description = "Shows a table with the settings that it sets.")
  int describe(
      @Mixin Access access,
      @Mixin Output output,
      @Parameters(paramLabel = "TABLE", description = "The name of the table") String name) {
    try (Session session = access.open()) {
      output.record(TableView.all(session.get(session.catalog().describe(name))));
      return 0;
    }
  }

  @Command(
      description = {
        "Shows how many rows and bytes tables have, and their oldest and newest row by the time"
            + " column that the property time_column names."
      })
  int stats(@Mixin Access access, @Mixin Output output, @Mixin Names names) {
    try (Session session = access.open()) {
      Statistics statistics = new Statistics(session);
      List<Map<String, @Nullable Object>> lines = new ArrayList<>();
      for (TableInfo table : session.tables(names.list())) {
        lines.add(statistics.of(table));
      }
      output.rows("tables", lines);
      return statistics.exitCode(output);
    }
  }

  @Command(
      description = {
        "Shows all settings of a table and where their values come from, or changes the table.",
        "Each process that follows the catalog applies a change within a second."
      })
  int config(
      @Mixin Access access,
      @Mixin Output output,
      @Parameters(paramLabel = "TABLE", description = "The name of the table") String name,
      @Mixin SettingOptions settings,
      @Option(
              names = "--unset",
              paramLabel = "SETTING",
              description = "A setting that gets the value of the defaults. May be repeated")
          @Nullable List<String> unset,
      @Option(
              names = "--status",
              paramLabel = "STATUS",
              description = "The new status: ${COMPLETION-CANDIDATES}")
          @Nullable TableStatus status,
      @Option(
              names = "--generation",
              paramLabel = "NUMBER",
              description = "Change the table only if it still has this generation")
          @Nullable Long generation) {
    try (Session session = access.open()) {
      TableCatalog catalog = session.catalog();
      List<String> removed = unset == null ? List.of() : unset;
      if (settings.isEmpty() && removed.isEmpty() && status == null) {
        TableInfo table = session.get(catalog.describe(name));
        output.rows("settings", TableView.settings(table, catalog.defaults()));
        return 0;
      }
      UnaryOperator<TableInfo> change =
          table ->
              table
                  .withSettings(settings.applyTo(table.settings(), removed))
                  .withStatus(status == null ? table.status() : status);
      Mono<TableInfo> changed =
          generation == null
              ? catalog.alter(name, change)
              : catalog
                  .describe(name)
                  .flatMap(read -> catalog.alter(change.apply(read.withGeneration(generation))));
      output.record(TableView.all(session.get(changed)));
      return 0;
    }
  }

  @Command(description = "Drops a table from the catalog. The table in the database stays.")
  int drop(
      @Mixin Access access,
      @Mixin Output output,
      @Parameters(paramLabel = "TABLE", description = "The name of the table") String name,
      @Option(names = "--if-exists", description = "Do nothing if there is no such table")
          boolean ifExists,
      @Option(
              names = "--cascade",
              description = {
                "First turn new rows away everywhere, let those that wait be written, and delete"
                    + " all rows of the table in the database"
              })
          boolean cascade) {
    try (Session session = access.open()) {
      TableCatalog catalog = session.catalog();
      boolean present = session.get(catalog.find(name).hasElement());
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("name", name);
      result.put("dropped", present || !ifExists);
      if (present || !ifExists) {
        if (cascade) {
          result.put("deleted_rows", dropWithRows(session, name));
        } else {
          session.run(catalog.drop(name));
        }
      }
      output.record(result);
      return 0;
    }
  }

  private static long dropWithRows(Session session, String name) {
    TableFacts facts = session.facts();
    R2dbcTables tables = R2dbcTables.create(session.database());
    BatchFlow flow = BatchFlow.builder(R2dbcBatchWriter.create(session.database())).build();
    CatalogBinding binding = CatalogBinding.start(session.catalog(), flow);
    try {
      return session.get(
          binding.dropWithRows(name, table -> facts.find(table).flatMap(tables::deleteRows)));
    } finally {
      binding.dispose();
      session.run(flow.close());
    }
  }
}
