package io.batchflow.benchmarks.differential;

import io.batchflow.AbsentStrategy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Ordering;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Creates the case of a number, always the same one. */
final class CaseGenerator {

  private final Backend backend;
  private final Set<Feature> allowed;
  private final SplittableRandom random;
  private final long seed;
  private final EnumSet<Feature> features = EnumSet.noneOf(Feature.class);
  private final EnumSet<Feature> reached = EnumSet.noneOf(Feature.class);
  private final Map<String, List<Object>> pools = new HashMap<>();
  private final ColumnGenerator columnsOf;

  private CaseGenerator(Backend backend, Set<Feature> allowed, long seed) {
    this.backend = backend;
    this.allowed = allowed;
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.columnsOf = new ColumnGenerator(backend, random, features, reached);
  }

  static TableCase of(Backend backend, Set<Feature> allowed, long seed, Coverage coverage) {
    CaseGenerator generator = new CaseGenerator(backend, allowed, seed);
    TableCase table = generator.make();
    coverage.add(table, generator.reached);
    return table;
  }

  private boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  private TableCase make() {
    for (Feature feature : Feature.values()) {
      if (oneIn(3) && allowed.contains(feature)) {
        features.add(feature);
      }
    }
    List<Column> key = columnsOf.ofKey();
    List<Column> columns = new ArrayList<>(key);
    ConflictStrategy strategy = strategy(key);
    boolean deletes = deletes(strategy, key);
    AbsentStrategy onAbsent = deletes ? AbsentStrategy.INSERT : onAbsent(strategy, key);
    // If the order is free, the mark shows which of the rows the table holds.
    boolean counted = !key.isEmpty() && key.get(0).type().generated();
    boolean marked = counted || !updatesOrReplaces(strategy) || !oneIn(4);
    boolean partial =
        !key.isEmpty()
            && !counted
            && !deletes
            && onAbsent == AbsentStrategy.INSERT
            && strategy != ConflictStrategy.FAIL
            && backend.hasPartialKeys()
            && features.contains(Feature.PARTIAL_KEY)
            && oneIn(3);
    if (partial) {
      columns.add(new Column(TableCase.PART, backend.markType(), "", true, true));
    }
    if (strategy != ConflictStrategy.FAIL) {
      // A trigger may drop a merged row that it would not drop unmerged.
      features.remove(Feature.TRIGGER_DROPS);
    }
    if (marked) {
      columns.add(new Column(TableCase.MARK, backend.markType(), "", true, true));
    }
    int more = random.nextInt(marked ? 0 : key.isEmpty() ? 1 : 0, 5);
    for (int i = 0; i < more; i++) {
      ColumnType type =
          i == 0 && features.contains(Feature.FOREIGN_KEY)
              ? backend.markType()
              : Values.pick(backend.types(), random);
      columns.add(columnsOf.of("c" + i, type));
    }
    if (marked && !counted && features.contains(Feature.GENERATED)) {
      columns.add(columnsOf.generated());
      reached.add(Feature.GENERATED);
    }
    List<Extra> extras = extras(columns);
    Writing writing = writing(strategy, onAbsent, key, columns);
    List<CaseRow> rows = new ArrayList<>();
    int count = oneIn(4) ? random.nextInt(30, 100) : random.nextInt(1, 25);
    for (int number = 0; number < count; number++) {
      CaseRow row = row(columns, key, number);
      rows.add(deletes && oneIn(3) ? delete(row, key) : row);
    }
    List<String> names = key.stream().map(Column::name).toList();
    String clause = key.isEmpty() || partial ? "" : backend.keyClause(random);
    return new TableCase(seed, columns, names, clause, extras, writing, rows);
  }

  private List<Extra> extras(List<Column> columns) {
    List<Extra> extras = new ArrayList<>();
    for (Feature feature : features) {
      Extra extra = backend.extra(feature, columns, random);
      if (extra != null) {
        extras.add(extra);
        reached.add(feature);
      }
    }
    return extras;
  }

  private ConflictStrategy strategy(List<Column> key) {
    return key.isEmpty()
        ? (oneIn(2) ? ConflictStrategy.FAIL : ConflictStrategy.IGNORE)
        : Values.pick(List.of(ConflictStrategy.values()), random);
  }

  /** Rows have an order, and keys that can be compared and are equal in one form only. */
  private boolean canTellKeys(ConflictStrategy strategy, List<Column> key) {
    return updatesOrReplaces(strategy)
        && key.stream()
            .map(Column::type)
            .allMatch(type -> !type.generated() && backend.comparesKeys(type));
  }

  private boolean deletes(ConflictStrategy strategy, List<Column> key) {
    if (!features.contains(Feature.DELETES) || !canTellKeys(strategy, key)) {
      return false;
    }
    features.remove(Feature.NEAR_KEYS);
    reached.add(Feature.DELETES);
    return true;
  }

  private AbsentStrategy onAbsent(ConflictStrategy strategy, List<Column> key) {
    if (!features.contains(Feature.UPDATE_ONLY)
        || strategy != ConflictStrategy.UPDATE
        || !canTellKeys(strategy, key)) {
      return AbsentStrategy.INSERT;
    }
    features.remove(Feature.NEAR_KEYS);
    reached.add(Feature.UPDATE_ONLY);
    return Values.pick(List.of(AbsentStrategy.REJECT, AbsentStrategy.IGNORE), random);
  }

  private static CaseRow delete(CaseRow row, List<Column> key) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (Column column : key) {
      if (row.sets(column.name())) {
        values.put(column.name(), row.value(column.name()));
      }
    }
    return new CaseRow(values, true);
  }

  private Writing writing(
      ConflictStrategy strategy, AbsentStrategy onAbsent, List<Column> key, List<Column> columns) {
    List<String> updates = new ArrayList<>();
    if (strategy == ConflictStrategy.UPDATE && oneIn(3)) {
      for (Column column : columns) {
        if (column.written() && !key.contains(column) && oneIn(2)) {
          updates.add(column.name());
        }
      }
    }
    Ordering ordering =
        !oneIn(6) || updatesOrReplaces(strategy) || key.isEmpty() ? null : Ordering.PER_KEY;
    return new Writing(
        strategy,
        onAbsent,
        updates,
        Values.pick(List.of(1, 2, 3, 5, 10, 31, 32, 33, 100), random),
        random.nextInt(1, 5),
        ordering,
        oneIn(3),
        oneIn(2),
        oneIn(2) ? 0 : 2);
  }

  private static boolean updatesOrReplaces(ConflictStrategy strategy) {
    return strategy == ConflictStrategy.UPDATE || strategy == ConflictStrategy.REPLACE;
  }

  private CaseRow row(List<Column> columns, List<Column> key, int number) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (Column column : columns) {
      if (column.name().equals(TableCase.MARK)) {
        values.put(column.name(), number);
      } else if (column.name().equals(TableCase.PART)) {
        values.put(column.name(), oneIn(3) ? 1 : 0);
      } else if (column.written()) {
        boolean inKey = key.contains(column);
        boolean generated = column.name().equals("g");
        if (generated ? oneIn(8) : !oneIn(20) || (inKey && !oneIn(10))) {
          boolean isNull = oneIn(20) && !(inKey && makesKeys(column));
          values.put(
              column.name(),
              isNull ? null : generated ? Values.given(number) : value(column, inKey));
        }
      }
    }
    return new CaseRow(values);
  }

  /** Returns whether SQLite generates the key of a row whose key is null, from the rows before. */
  private boolean makesKeys(Column column) {
    return backend.name().equals("sqlite")
        && column.type().sql().equals("INTEGER")
        && !column.type().generated();
  }

  private @Nullable Object generatedKey() {
    if (oneIn(3)) {
      return features.contains(Feature.NEAR_KEYS) ? Values.zero(random) : (Object) 0;
    }
    Integer given = Values.given(random.nextInt(12));
    return oneIn(6)
        ? null
        : features.contains(Feature.NEAR_KEYS) && oneIn(4) ? given.toString() : given;
  }

  private @Nullable Object value(Column column, boolean inKey) {
    if (column.type().generated()) {
      return generatedKey();
    }
    boolean foreign = features.contains(Feature.FOREIGN_VALUES);
    if (foreign && oneIn(inKey ? 30 : 10) && (!inKey || features.contains(Feature.NEAR_KEYS))) {
      reached.add(Feature.FOREIGN_VALUES);
      return Values.wild(random);
    }
    if (inKey) {
      return Values.pick(pools.computeIfAbsent(column.name(), name -> pool(column)), random);
    }
    return foreign && oneIn(3)
        ? Values.near(column.type(), random)
        : Values.own(column.type(), random);
  }

  private List<Object> pool(Column column) {
    List<Object> pool = new ArrayList<>();
    int size = random.nextInt(1, 12);
    for (int i = 0; i < size; i++) {
      pool.add(keyValue(column.type()));
    }
    return pool;
  }

  private Object keyValue(ColumnType type) {
    if (!features.contains(Feature.NEAR_KEYS)) {
      return Values.distinct(type, random);
    }
    reached.add(Feature.NEAR_KEYS);
    return oneIn(2) ? Values.near(type, random) : Values.own(type, random);
  }
}
