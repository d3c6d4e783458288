package io.batchflow.internal.key;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of keys in all batches, so that overlapping batches take their locks in the same order.
 * Rows that conflict with none come last: the backend may generate their keys, which must not be
 * keys of later rows.
 */
final class KeyOrder {

  static final Comparator<@Nullable Object> NULLS_LAST = Comparator.nullsLast(KeyOrder::compare);

  private KeyOrder() {}

  @SuppressWarnings("unchecked")
  private static int compare(Object left, Object right) {
    if (left instanceof Long one && right instanceof Long other) {
      return one.compareTo(other);
    }
    if (left instanceof List<?> one && right instanceof List<?> other) {
      return compareLists((List<Object>) one, (List<Object>) other);
    }
    if (left.getClass() != right.getClass()) {
      return left.getClass().getName().compareTo(right.getClass().getName());
    }
    return left instanceof Comparable
        ? ((Comparable<Object>) left).compareTo(right)
        : Integer.compare(left.hashCode(), right.hashCode());
  }

  private static int compareLists(List<Object> left, List<Object> right) {
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      int order = compare(left.get(i), right.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.size(), right.size());
  }
}
