package io.batchflow.benchmarks.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Creates the columns of a case. */
final class ColumnGenerator {

  private final Backend backend;
  private final SplittableRandom random;
  private final Set<Feature> features;
  private final Set<Feature> reached;

  /**
   * @param features what the table may have
   * @param reached receives what it has
   */
  ColumnGenerator(
      Backend backend, SplittableRandom random, Set<Feature> features, Set<Feature> reached) {
    this.backend = backend;
    this.random = random;
    this.features = features;
    this.reached = reached;
  }

  private boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  /** Returns the columns of the key; none of some tables. */
  List<Column> ofKey() {
    if (features.contains(Feature.GENERATED_KEY)
        && !backend.generatedKeys().isEmpty()
        && oneIn(3)) {
      reached.add(Feature.GENERATED_KEY);
      ColumnType type = Values.pick(backend.generatedKeys(), random);
      return List.of(new Column("k0", type, "NOT NULL", true, true));
    }
    int parts = oneIn(10) ? 0 : oneIn(4) ? 2 : 1;
    List<ColumnType> types = backend.types().stream().filter(ColumnType::key).toList();
    List<Column> key = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      ColumnType type = Values.pick(types, random);
      key.add(new Column("k" + i, type, "NOT NULL", true, true));
    }
    return key;
  }

  Column of(String name, ColumnType type) {
    List<String> clauses = new ArrayList<>();
    if (features.contains(Feature.DEFAULTS) && oneIn(2)) {
      String value = defaultOf(type);
      if (value != null) {
        clauses.add("DEFAULT " + value);
        reached.add(Feature.DEFAULTS);
      }
    }
    boolean saysNull = type.sql().endsWith(" NULL");
    if (features.contains(Feature.NOT_NULL) && oneIn(2) && !saysNull) {
      clauses.add("NOT NULL");
      reached.add(Feature.NOT_NULL);
    }
    return new Column(name, type, String.join(" ", clauses), true, true);
  }

  /** Returns a column that the database fills. Sometimes the rows set it nevertheless. */
  Column generated() {
    String definition = Values.pick(backend.generated(), random);
    int space = definition.indexOf(' ');
    ColumnType integer = backend.markType();
    boolean counts = !definition.contains("n * 2");
    return new Column(
        "g",
        ColumnType.noKey(
            space < 0 ? definition : definition.substring(0, space),
            integer.cast(),
            Kind.INTEGER,
            integer.own()),
        space < 0 ? "" : definition.substring(space + 1),
        oneIn(6),
        !counts);
  }

  private static @Nullable String defaultOf(ColumnType type) {
    return switch (type.kind()) {
      case INTEGER, DECIMAL, FLOATING -> "7";
      case TEXT -> type.sql().contains("text") || type.sql().contains("TEXT") ? null : "'d'";
      case BOOLEAN -> "TRUE";
      case DATE -> "'2020-02-02'";
      case CHOICE -> "'green'";
      default -> null;
    };
  }
}
