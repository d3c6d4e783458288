package io.batchflow.examples.tool;

import io.batchflow.r2dbc.retention.RetentionRule;
import io.batchflow.r2dbc.retention.RetentionRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The cleanup of several tables, of which some may fail. */
final class Cleanup {

  private final Output output;
  private final List<Map<String, @Nullable Object>> lines = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  Cleanup(Output output) {
    this.output = output;
  }

  /** Applies a rule. */
  void add(RetentionRule rule, Mono<RetentionRun> work) {
    try {
      lines.add(line(Objects.requireNonNull(work.block())));
    } catch (RuntimeException thrown) {
      failures.add(rule.table() + ": " + Failure.of(thrown).line());
    }
  }

  private static Map<String, @Nullable Object> line(RetentionRun run) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("name", run.table());
    line.put("dry_run", run.dryRun());
    line.put("cut_off", Objects.toString(run.cutOff(), null));
    line.put("deleted_rows", run.deletedRows());
    line.put("dropped_partitions", run.droppedPartitions());
    line.put("locked_partitions", run.lockedPartitions());
    return line;
  }

  /** Prints what was done. Returns the exit code. */
  int end() {
    output.rows("tables", lines);
    failures.forEach(output::note);
    return failures.isEmpty() ? 0 : lines.isEmpty() ? Failure.UNUSABLE : Failure.PARTIAL;
  }
}
