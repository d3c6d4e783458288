package io.batchflow.examples.tool;

import io.batchflow.backup.BackupReport;
import io.batchflow.backup.TableBackup;
import io.batchflow.catalog.TableInfo;
import io.batchflow.r2dbc.retention.Retention;
import io.batchflow.r2dbc.retention.RetentionRule;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;

/** The commands for the rows of tables. */
@Command(name = "data", description = "Counts, deletes, backs up and restores rows of tables.")
final class DataCommand {

  @Mixin final Help help = new Help();

  @Command(description = "Counts the rows of tables. This reads the tables.")
  int count(@Mixin Access access, @Mixin Output output, @Mixin Names names) {
    return statistics(access, output, names, Statistics::count);
  }

  @Command(description = "Shows how many bytes tables take with their indexes.")
  int size(@Mixin Access access, @Mixin Output output, @Mixin Names names) {
    return statistics(access, output, names, Statistics::size);
  }

  private static int statistics(
      Access access,
      Output output,
      Names names,
      BiFunction<Statistics, TableInfo, Map<String, @Nullable Object>> read) {
    try (Session session = access.open()) {
      Statistics statistics = new Statistics(session);
      output.rows(
          "tables",
          session.tables(names.list()).stream()
              .map(table -> read.apply(statistics, table))
              .toList());
      return statistics.exitCode(output);
    }
  }

  @Command(
      description = {
        "Deletes the rows of tables that are older than their retention_days, by the time column"
            + " that their property time_column names."
      })
  int cleanup(
      @Mixin Access access,
      @Mixin Output output,
      @Mixin Chosen chosen,
      @Option(names = "--dry-run", description = "Only count the rows") boolean dryRun,
      @Option(
              names = "--time-column",
              paramLabel = "COLUMN",
              defaultValue = "created_at",
              description = "That of tables without that property. Default: ${DEFAULT-VALUE}")
          String timeColumn) {
    chosen.check();
    try (Session session = access.open()) {
      Retention retention = Retention.create(session.database());
      List<RetentionRule> rules = rules(session, chosen, timeColumn);
      Cleanup cleanup = new Cleanup(output);
      for (RetentionRule rule : rules) {
        cleanup.add(rule, dryRun ? retention.dryRun(rule) : retention.run(rule));
      }
      return cleanup.end();
    }
  }

  private static List<RetentionRule> rules(Session session, Chosen chosen, String timeColumn) {
    List<RetentionRule> all =
        session.get(RetentionRule.ofCatalog(session.catalog(), timeColumn).collectList());
    if (chosen.all()) {
      return all;
    }
    List<String> names = session.tables(chosen.names()).stream().map(TableInfo::name).toList();
    List<RetentionRule> rules = all.stream().filter(rule -> names.contains(rule.table())).toList();
    for (String name : chosen.names()) {
      if (names.contains(name) && rules.stream().noneMatch(rule -> rule.table().equals(name))) {
        throw ToolException.usage(
            "Table '"
                + name
                + "' keeps its rows forever, or is about to be dropped. Set retention_days first:"
                + " batchflow table config "
                + name
                + " --set retention_days=30");
      }
    }
    return rules;
  }

  @Command(
      description = {
        "Writes the rows of tables to files, each table to a directory of its name, and verifies"
            + " them. A backup that was interrupted goes on. With --all, only tables whose"
            + " backup_enabled is true."
      })
  int backup(
      @Mixin Access access,
      @Mixin Output output,
      @Mixin Chosen chosen,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "DIRECTORY",
              description = "The directory of the backups")
          Path directory) {
    chosen.check();
    try (Session session = access.open()) {
      TableBackup backup = TableBackup.create(session.database());
      Flux<BackupReport> written =
          chosen.all()
              ? backup.writeAll(session.catalog(), directory)
              : Flux.fromIterable(session.tables(chosen.names()))
                  .map(TableInfo::name)
                  .concatMap(name -> backup.write(name, directory.resolve(name)));
      List<BackupReport> reports =
          session.get(
              written
                  .concatMap(report -> backup.verify(report.directory()).thenReturn(report))
                  .collectList());
      output.rows("backups", reports.stream().map(DataCommand::line).toList());
      return 0;
    }
  }

  @Command(
      description = {
        "Restores the rows of a backup to an empty table with the same columns, and compares them"
            + " in the end. A restore that was interrupted goes on."
      })
  int restore(
      @Mixin Access access,
      @Mixin Output output,
      @Parameters(paramLabel = "TABLE", description = "The name of the table") String name,
      @Option(
              names = "--from",
              required = true,
              paramLabel = "DIRECTORY",
              description = "The directory of the backup, such as backups/orders")
          Path directory) {
    try (Session session = access.open()) {
      TableInfo table = session.get(session.catalog().describe(name));
      TableBackup backup = TableBackup.create(session.database());
      output.record(line(session.get(backup.restore(directory, table.name()))));
      return 0;
    }
  }

  private static Map<String, Object> line(BackupReport report) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("name", report.table());
    line.put("directory", report.directory().toString());
    line.put("record_count", report.rows());
    line.put("files", report.parts());
    line.put("resumed_files", report.resumedParts());
    return line;
  }
}
