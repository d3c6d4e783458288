package io.batchflow.kafka;

import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.batchflow.kafka");

  @Test
  void thePublicTypesAreThese() {
    assertThat(MAIN.that(modifier(JavaModifier.PUBLIC)))
        .extracting(JavaClass::getName)
        .containsExactlyInAnyOrder(
            "io.batchflow.kafka.KafkaIngest",
            "io.batchflow.kafka.KafkaIngest$Builder",
            "io.batchflow.kafka.KafkaIngestException",
            "io.batchflow.kafka.KafkaIngestMetrics",
            "io.batchflow.kafka.KafkaIngestStats",
            "io.batchflow.kafka.KafkaPublisher",
            "io.batchflow.kafka.KafkaShareIngest",
            "io.batchflow.kafka.KafkaShareIngest$Builder",
            "io.batchflow.kafka.KafkaShareIngestStats",
            "io.batchflow.kafka.RejectedRecord");
  }

  /** The engine and the writers are used by their public interfaces only. */
  @Test
  void neitherBackendsNorTheEngineAreKnown() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.batchflow.internal..",
            "io.batchflow.sql..",
            "io.batchflow.r2dbc..",
            "io.batchflow.jdbc..",
            "java.sql..")
        .check(MAIN);
  }

  @Test
  void nothingIsPrinted() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(MAIN);
  }
}
