package io.batchflow.internal.key;

import io.batchflow.ConflictStrategy;
import io.batchflow.KeyEquality;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows sorted by their conflict keys, by a {@link KeyEquality}. Rows that may have the same key
 * stay in the order of their submission. Immutable.
 *
 * @param <T> the type that holds a row
 */
public final class KeyedRows<T> {

  /** The rule of the comparison. */
  public final KeyEquality equality;

  public final T[] rows;

  private final Schema schema;
  private final Function<T, Row> rowOf;

  /** One key for each row; null if the Schema has no key. */
  private final @Nullable Object @Nullable [] keys;

  /** Whether equal keys certainly mean the same row in the backend. */
  private final boolean exact;

  /** Whether some rows delete their keys. */
  private final boolean deletes;

  /** Whether a row may change an earlier one; never under FAIL. */
  private final boolean meets;

  /** Whether rows that certainly have the same key are merged. */
  private final boolean merges;

  private KeyedRows(
      Schema schema,
      KeyEquality equality,
      T[] rows,
      Function<T, Row> rowOf,
      @Nullable Object @Nullable [] keys,
      boolean exact,
      boolean deletes) {
    this.schema = schema;
    this.equality = equality;
    this.rows = rows;
    this.rowOf = rowOf;
    this.keys = keys;
    this.exact = exact;
    this.deletes = deletes;
    this.meets = keys != null && schema.onConflict() != ConflictStrategy.FAIL;
    this.merges = meets && schema.isMergeable() && equality != KeyEquality.unknown();
  }

  /**
   * Sorts rows by their keys.
   *
   * @param rows in the order of submission, at least one; not changed
   */
  public static <T> KeyedRows<T> of(KeyEquality equality, T[] rows, Function<T, Row> rowOf) {
    Schema schema = rowOf.apply(rows[0]).schema();
    if (schema.conflictKey().isEmpty()) {
      return new KeyedRows<>(schema, equality, rows, rowOf, null, false, false);
    }
    @Nullable Object[] keys = new @Nullable Object[rows.length];
    boolean certain = true;
    boolean deletes = false;
    for (int i = 0; i < rows.length; i++) {
      Row row = rowOf.apply(rows[i]);
      keys[i] = keyOf(equality, row);
      certain &= keys[i] != KeyEquality.UNCERTAIN;
      deletes |= row.isDelete();
    }
    if (!certain) {
      // A row whose key the backend generates still conflicts with no other.
      Arrays.setAll(keys, i -> keys[i] == null ? null : ByBackend.ANY);
    }
    T[] sorted = isSorted(keys) ? rows : sort(rows, keys);
    boolean exact = certain && equality.isExact();
    return new KeyedRows<>(schema, equality, sorted, rowOf, keys, exact, deletes);
  }

  /** A key that cannot be computed is uncertain. */
  private static @Nullable Object keyOf(KeyEquality equality, Row row) {
    try {
      return equality.key(row);
    } catch (RuntimeException | StackOverflowError ofAValue) {
      return KeyEquality.UNCERTAIN;
    }
  }

  private static boolean isSorted(@Nullable Object[] keys) {
    for (int i = 1; i < keys.length; i++) {
      if (KeyOrder.NULLS_LAST.compare(keys[i - 1], keys[i]) > 0) {
        return false;
      }
    }
    return true;
  }

  private static <T> T[] sort(T[] rows, @Nullable Object[] keys) {
    record Keyed<T>(T row, @Nullable Object key) {}
    List<Keyed<T>> sorted = new ArrayList<>(rows.length);
    for (int i = 0; i < rows.length; i++) {
      sorted.add(new Keyed<>(rows[i], keys[i]));
    }
    sorted.sort(Comparator.comparing(Keyed::key, KeyOrder.NULLS_LAST));
    T[] sortedRows = Arrays.copyOf(rows, rows.length);
    for (int i = 0; i < rows.length; i++) {
      sortedRows[i] = sorted.get(i).row();
      keys[i] = sorted.get(i).key();
    }
    return sortedRows;
  }

  /** Returns the rows from one index to another. */
  public KeyedRows<T> range(int from, int to) {
    return new KeyedRows<>(
        schema,
        equality,
        Arrays.copyOfRange(rows, from, to),
        rowOf,
        keys == null ? null : Arrays.copyOfRange(keys, from, to),
        exact,
        deletes);
  }

  /** Returns the rows of several parts, one part after the other. */
  public static <T> KeyedRows<T> together(List<KeyedRows<T>> parts) {
    KeyedRows<T> first = parts.get(0);
    int size = parts.stream().mapToInt(part -> part.rows.length).sum();
    T[] rows = Arrays.copyOf(first.rows, size);
    @Nullable Object @Nullable [] keys =
        first.keys == null ? null : Arrays.copyOf(first.keys, size);
    int at = 0;
    for (KeyedRows<T> part : parts) {
      System.arraycopy(part.rows, 0, rows, at, part.rows.length);
      if (keys != null && part.keys != null) {
        System.arraycopy(part.keys, 0, keys, at, part.rows.length);
      }
      at += part.rows.length;
    }
    boolean deletes = parts.stream().anyMatch(part -> part.deletes);
    return new KeyedRows<>(
        first.schema, first.equality, rows, first.rowOf, keys, first.exact, deletes);
  }

  /**
   * Returns whether two rows that follow each other certainly have the same key, so that they are
   * merged. A delete stays apart from a row that is stored after it: the new row has nothing of the
   * old one.
   */
  public boolean merge(int before, int row) {
    return merges
        && mayMeet(before, row)
        && !(deletes && isStoredAfterDelete(before, row))
        && (exact || ByValue.isSame(rowOf.apply(rows[before]), rowOf.apply(rows[row])));
  }

  private boolean isStoredAfterDelete(int before, int row) {
    return rowOf.apply(rows[before]).isDelete() && !rowOf.apply(rows[row]).isDelete();
  }

  /** Returns whether two adjacent rows may have the same key, so that their order matters. */
  public boolean mayMeet(int before, int row) {
    if (keys == null || !meets) {
      return false;
    }
    Object key = keys[before];
    return key != null && key.equals(keys[row]);
  }

  /** Returns whether rows that are not merged may have the same key. */
  public boolean keepOrder() {
    return meets && !exact;
  }

  /** Returns whether all rows have distinct keys after merging. */
  public boolean areDistinct() {
    return keys != null
        && exact
        && schema.isMergeable()
        && !(deletes && someAreStoredAfterDelete());
  }

  private boolean someAreStoredAfterDelete() {
    for (int row = 1; row < rows.length; row++) {
      if (mayMeet(row - 1, row) && isStoredAfterDelete(row - 1, row)) {
        return true;
      }
    }
    return false;
  }
}
