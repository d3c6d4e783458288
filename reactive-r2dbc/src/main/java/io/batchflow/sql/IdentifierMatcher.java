package io.batchflow.sql;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** Finds what an author's name means among the names that a database has. */
final class IdentifierMatcher {

  private IdentifierMatcher() {}

  /** The candidates that end in what is wanted; if none does, those that do but for case. */
  static List<List<String>> match(List<String> wanted, Collection<List<String>> candidates) {
    List<List<String>> butForCase = new ArrayList<>();
    for (List<String> candidate : candidates) {
      int from = candidate.size() - wanted.size();
      if (from < 0) {
        continue;
      }
      List<String> tail = candidate.subList(from, candidate.size());
      if (tail.equals(wanted)) {
        return List.of(candidate);
      }
      if (IntStream.range(0, tail.size())
          .allMatch(i -> tail.get(i).equalsIgnoreCase(wanted.get(i)))) {
        butForCase.add(candidate);
      }
    }
    return butForCase;
  }
}
