package io.batchflow.examples.tool;

import io.batchflow.catalog.TableInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

/** The commands that show tables again and again. */
@Command(
    name = "monitor",
    description = {
      "Shows about how many rows tables have, and how many writes a second they get, by the"
          + " statistics of the database: again and again, until it is interrupted."
    })
final class MonitorCommand {

  @Mixin final Help help = new Help();

  /** How often something is shown. */
  private static final class Ticks {

    @Option(
        names = "--interval",
        paramLabel = "SECONDS",
        defaultValue = "2",
        description = "The time between two looks. Default: ${DEFAULT-VALUE}")
    private double interval;

    @Option(
        names = "--count",
        paramLabel = "LOOKS",
        description = "How often to look. Default: until it is interrupted")
    private long count = Long.MAX_VALUE;

    private Duration checked() {
      if (!(interval >= 0.1 && interval <= 86_400) || count < 1) {
        throw ToolException.usage(
            "--interval must be from 0.1 to 86400 seconds, and --count at least 1.");
      }
      return Duration.ofMillis((long) (interval * 1_000));
    }
  }

  @Command(description = "Shows several tables.")
  int tables(@Mixin Access access, @Mixin Output output, @Mixin Ticks ticks, @Mixin Names names) {
    return watch(access, output, ticks, names.list());
  }

  @Command(description = "Shows one table.")
  int table(
      @Mixin Access access,
      @Mixin Output output,
      @Mixin Ticks ticks,
      @Parameters(paramLabel = "TABLE", description = "The name of the table") String name) {
    return watch(access, output, ticks, List.of(name));
  }

  private static int watch(Access access, Output output, Ticks ticks, List<String> names) {
    Duration pause = ticks.checked();
    try (Session session = access.open()) {
      Statistics statistics = new Statistics(session);
      Map<String, Look> last = new HashMap<>();
      for (long look = 0; look < ticks.count; look++) {
        if (look > 0) {
          Mono.delay(pause).block();
        }
        output.next(
            session.tables(names).stream()
                .map(table -> line(table, Look.at(statistics.activity(table)), last))
                .toList());
      }
      return 0;
    }
  }

  /** What was seen of a table, and when. */
  private record Look(long nanos, TableFacts.@Nullable Activity activity) {

    static Look at(TableFacts.@Nullable Activity activity) {
      return new Look(System.nanoTime(), activity);
    }

    /** Without a count of writes, rows that were added count. */
    @Nullable Double writesPerSecondSince(@Nullable Look earlier) {
      if (earlier == null || earlier.activity == null || activity == null) {
        return null;
      }
      Long writes = activity.writes();
      Long before = earlier.activity.writes();
      long more =
          writes == null || before == null
              ? activity.rows() - earlier.activity.rows()
              : writes - before;
      double seconds = (nanos - earlier.nanos) / 1e9;
      return Math.round(Math.max(0, more) / seconds * 10) / 10.0;
    }
  }

  private static Map<String, @Nullable Object> line(
      TableInfo table, Look look, Map<String, Look> last) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    line.put("name", table.name());
    line.put("status", table.status().name());
    line.put("generation", table.generation());
    line.put("about_rows", look.activity() == null ? null : look.activity().rows());
    line.put("writes_per_second", look.writesPerSecondSince(last.put(table.name(), look)));
    return line;
  }
}
