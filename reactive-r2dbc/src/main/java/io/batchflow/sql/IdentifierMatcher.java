package io.batchflow.sql;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** Finds the names in a database that a name in a schema may mean. */
final class IdentifierMatcher {

  private IdentifierMatcher() {}

  /** Returns the candidate that ends in the name; if there is none, those that differ in case. */
  static List<List<String>> match(List<String> wanted, Collection<List<String>> candidates) {
    List<List<String>> ignoringCase = new ArrayList<>();
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
        ignoringCase.add(candidate);
      }
    }
    return ignoringCase;
  }
}
