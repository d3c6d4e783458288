package io.batchflow.benchmarks.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generator creates every type, feature and strategy. */
class CoverageTest {

  private static final int TABLES = 1_000;
  private static final int JAVA_TYPES = 35;

  /**
   * H2 has no SQL triggers and does not replace a key that is given. A trigger of MariaDB cannot
   * drop a row.
   */
  private static Set<Feature> featuresOf(Backend backend) {
    EnumSet<Feature> features = EnumSet.allOf(Feature.class);
    switch (backend.name()) {
      case "h2" ->
          features.removeAll(
              EnumSet.of(
                  Feature.TRIGGER_RAISES,
                  Feature.TRIGGER_CHANGES,
                  Feature.TRIGGER_DROPS,
                  Feature.RULE,
                  Feature.GENERATED_KEY,
                  Feature.PARTIAL_KEY));
      case "mariadb" -> features.removeAll(EnumSet.of(Feature.TRIGGER_DROPS, Feature.PARTIAL_KEY));
      case "sqlite" -> features.remove(Feature.TRIGGER_CHANGES);
      default -> {}
    }
    return features;
  }

  static List<TableCase> tables(Backend backend, int count, Coverage coverage) {
    return LongStream.rangeClosed(1, count)
        .mapToObj(seed -> CaseGenerator.of(backend, EnumSet.allOf(Feature.class), seed, coverage))
        .toList();
  }

  @Tag("server")
  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "mariadb"})
  void everyTypeFeatureAndStrategyIsTriedOnAServer(String name) throws Exception {
    everyTypeFeatureAndStrategyIsTried(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "h2"})
  void everyTypeFeatureAndStrategyIsTried(String name) throws Exception {
    Coverage coverage = new Coverage();
    try (Backend backend = Backends.open(name)) {
      tables(backend, TABLES, coverage);

      assertThat(coverage.missingTypes(backend)).isEmpty();
      assertThat(coverage.features())
          .containsExactlyInAnyOrderElementsOf(
              featuresOf(backend).stream().map(Feature::name).toList());
      assertThat(coverage.strategies())
          .containsExactlyInAnyOrderElementsOf(
              Arrays.stream(ConflictStrategy.values()).map(Enum::name).toList());
      assertThat(coverage.javaTypes()).hasSizeGreaterThanOrEqualTo(JAVA_TYPES);
    }
  }
}
