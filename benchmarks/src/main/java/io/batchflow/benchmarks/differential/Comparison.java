package io.batchflow.benchmarks.differential;

import io.batchflow.OutcomeStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes a case in both ways. Compares the ends of its rows and the tables. */
final class Comparison {

  private final Backend backend;

  Comparison(Backend backend) {
    this.backend = backend;
  }

  /** Returns the difference between the two ways; empty if there is none. */
  Optional<Difference> of(TableCase table) {
    try {
      return differ(table);
    } catch (RuntimeException failure) {
      return Optional.of(Difference.broken(table, "it did not end: " + failure + place(failure)));
    }
  }

  /** Returns which step failed. */
  private static String place(RuntimeException failure) {
    String here = Comparison.class.getPackageName();
    return Arrays.stream(failure.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith(here))
        .map(frame -> " at " + frame.getFileName() + ":" + frame.getLineNumber())
        .limit(3)
        .collect(Collectors.joining());
  }

  private Optional<Difference> differ(TableCase table) {
    PlainRun.prepare(backend, backend.flowSite(), table);
    PlainRun.prepare(backend, backend.plainSite(), table);
    List<End> expected = new PlainRun(backend, table).all();
    List<String> expectedTable = backend.plain().contents(backend.plainSite(), table);
    List<End> got = FlowRun.of(backend.flowSite(), table);
    List<String> gotTable = backend.plain().contents(backend.flowSite(), table);
    List<String> problems = problems(got, expected);
    if (!gotTable.equals(expectedTable)) {
      problems.add("the tables differ");
    }
    boolean known =
        problems.isEmpty()
            || (got.stream().allMatch(Comparison::isEnd)
                && new SerialOrder(backend, table, got, gotTable).exists());
    return known
        ? Optional.empty()
        : Optional.of(
            new Difference(
                table, String.join("; ", problems), expected, expectedTable, got, gotTable));
  }

  private static boolean isEnd(End end) {
    return end.status() == OutcomeStatus.WRITTEN || end.status() == OutcomeStatus.REJECTED;
  }

  private static List<String> problems(List<End> got, List<End> expected) {
    List<String> problems = new ArrayList<>();
    for (int row = 0; row < got.size(); row++) {
      if (!got.get(row).isTrueOf(expected.get(row))) {
        problems.add("row " + row + " is " + got.get(row).status() + ", not as alone");
      }
    }
    return problems.size() > 3 ? new ArrayList<>(problems.subList(0, 3)) : problems;
  }
}
