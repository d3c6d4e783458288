package io.batchflow.mediator;

import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
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
          .importPackages("io.batchflow.mediator");

  @Test
  void thePublicTypesAreThese() {
    assertThat(MAIN.that(modifier(JavaModifier.PUBLIC)))
        .extracting(JavaClass::getName)
        .containsExactlyInAnyOrder(
            "io.batchflow.mediator.BatchKey",
            "io.batchflow.mediator.BatchOptions",
            "io.batchflow.mediator.Behavior",
            "io.batchflow.mediator.Delivery",
            "io.batchflow.mediator.Delivery$Kind",
            "io.batchflow.mediator.EventHandler",
            "io.batchflow.mediator.Mediator",
            "io.batchflow.mediator.Mediator$Builder",
            "io.batchflow.mediator.NoHandlerException",
            "io.batchflow.mediator.Request",
            "io.batchflow.mediator.RequestHandler",
            "io.batchflow.mediator.behavior.Behaviors",
            "io.batchflow.mediator.behavior.InboxBehavior",
            "io.batchflow.mediator.behavior.ObservationBehavior");
  }

  @Test
  void onlyTheirBehaviorsNeedTheOptionalLibraries() {
    noClasses()
        .that()
        .doNotHaveSimpleName("InboxBehavior")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.batchflow.r2dbc..", "io.r2dbc..")
        .check(MAIN);
    noClasses()
        .that()
        .doNotHaveSimpleName("ObservationBehavior")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..")
        .check(MAIN);
  }
}
