package io.batchflow.redis;

import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.batchflow.redis");

  @Test
  void thePublicTypesAreThese() {
    assertThat(MAIN.that(modifier(JavaModifier.PUBLIC)))
        .extracting(JavaClass::getName)
        .containsExactlyInAnyOrder(
            "io.batchflow.redis.RedisBatchWriter",
            "io.batchflow.redis.RedisBatchWriter$Builder",
            "io.batchflow.redis.RedisMapping",
            "io.batchflow.redis.RedisValueCodec",
            "io.batchflow.redis.RedisWriteException",
            "io.batchflow.redis.catalog.RedisCatalogStore",
            "io.batchflow.redis.lease.RedisLeaseStore");
  }

  @Test
  void otherBackendsAreNotKnown() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.batchflow.sql..", "io.batchflow.r2dbc..", "io.batchflow.jdbc..")
        .check(MAIN);
  }

  @Test
  void nothingBlocks() {
    noClasses().should().callMethod(CompletableFuture.class, "join").check(MAIN);
    noClasses().should().callMethod(CompletableFuture.class, "get").check(MAIN);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.lettuce.core.api.sync..", "java.util.concurrent.locks..")
        .check(MAIN);
  }

  @Test
  void classesAreFinal() {
    classes()
        .that()
        .areNotInterfaces()
        .and()
        .areNotAnonymousClasses()
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(MAIN);
  }

  @Test
  void nothingIsPrinted() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(MAIN);
  }
}
