package io.batchflow.examples.pipeline;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of the partitions. On a terminal it is drawn over the last one. */
final class View {

  private final PrintWriter out;
  private final boolean live;
  private int drawn;

  View(PrintWriter out, boolean live) {
    this.out = out;
    this.live = live;
  }

  /** Draws what is so at a moment, after so many seconds. */
  void show(long seconds, State state, Members members, double rowsPerSecond) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%4d s   %d members, %d killed, %,.0f rows/s",
            seconds,
            members.alive(),
            members.killed(),
            rowsPerSecond));
    lines.add(line("partition", "records", "rows", "lag"));
    for (State.Partition each : state.partitions()) {
      lines.add(line(String.valueOf(each.number()), each.records(), each.rows(), each.lag()));
    }
    lines.add(line("all", state.records(), state.rows(), state.lag()));
    if (live && drawn > 0) {
      out.printf("\033[%dA\033[J", drawn);
    }
    lines.forEach(out::println);
    out.flush();
    drawn = lines.size();
  }

  private static String line(String name, Object records, Object rows, Object lag) {
    return String.format(
        Locale.ROOT, "%9s %10s %10s %8s", name, grouped(records), grouped(rows), grouped(lag));
  }

  private static String grouped(Object value) {
    return value instanceof Long number
        ? String.format(Locale.ROOT, "%,d", number)
        : value.toString();
  }
}
