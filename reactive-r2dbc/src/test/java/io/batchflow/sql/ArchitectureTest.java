package io.batchflow.sql;

import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
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
          .importPackages("io.batchflow.sql", "io.batchflow.r2dbc", "io.batchflow.jdbc");

  @Test
  void thePackagesAreFreeOfCycles() {
    slices().matching("io.batchflow.(*)..").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void theDialectsKnowNothingOfTheWriters() {
    noClasses()
        .that()
        .resideInAnyPackage("io.batchflow.sql", "io.batchflow.sql.dialect")
        .and()
        .doNotHaveSimpleName("PostgresDriverText")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.batchflow.sql.writer",
            "io.batchflow.r2dbc",
            "io.batchflow.jdbc",
            "io.r2dbc..",
            "reactor..")
        .check(MAIN);
  }

  @Test
  void whatAllDialectsShareKnowsNoneOfThem() {
    noClasses()
        .that()
        .resideInAPackage("io.batchflow.sql")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.batchflow.sql.dialect")
        .check(MAIN);
  }

  @Test
  void theWritersKnowNothingOfEachOther() {
    noClasses()
        .that()
        .resideInAPackage("io.batchflow.r2dbc")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.batchflow.jdbc", "javax.sql", "java.sql")
        .check(MAIN);
    noClasses()
        .that()
        .resideInAPackage("io.batchflow.jdbc")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.batchflow.r2dbc", "io.r2dbc..")
        .check(MAIN);
  }

  /** Classes that use a driver are loaded only if that driver is present. */
  @Test
  void noDriverIsNeeded() {
    noClasses()
        .that()
        .haveSimpleNameNotStartingWith("Postgres")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.h2..", "io.r2dbc.h2..", "org.sqlite..", "io.r2dbc.postgresql..", "io.netty..")
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
  void thePublicTypesAreThese() {
    assertThat(MAIN.that(modifier(JavaModifier.PUBLIC)))
        .extracting(JavaClass::getName)
        .containsExactlyInAnyOrder(
            "io.batchflow.r2dbc.PostgresExtension",
            "io.batchflow.r2dbc.catalog.ColumnType",
            "io.batchflow.r2dbc.catalog.R2dbcCatalogStore",
            "io.batchflow.r2dbc.catalog.R2dbcTables",
            "io.batchflow.r2dbc.inbox.R2dbcInbox",
            "io.batchflow.r2dbc.lease.R2dbcLeaseStore",
            "io.batchflow.r2dbc.outbox.OutboxRelay",
            "io.batchflow.r2dbc.outbox.OutboxRelay$Builder",
            "io.batchflow.r2dbc.outbox.OutboxRelayStats",
            "io.batchflow.r2dbc.outbox.R2dbcOutbox",
            "io.batchflow.r2dbc.request.CatalogRows",
            "io.batchflow.r2dbc.request.KeptConnection",
            "io.batchflow.r2dbc.request.Requests",
            "io.batchflow.r2dbc.retention.Retention",
            "io.batchflow.r2dbc.retention.Retention$Builder",
            "io.batchflow.r2dbc.retention.RetentionListener",
            "io.batchflow.r2dbc.retention.RetentionMetrics",
            "io.batchflow.r2dbc.retention.RetentionRule",
            "io.batchflow.r2dbc.retention.RetentionRule$Builder",
            "io.batchflow.r2dbc.retention.RetentionRun",
            "io.batchflow.r2dbc.retention.RetentionStats",
            "io.batchflow.jdbc.catalog.JdbcCatalogStore",
            "io.batchflow.sql.catalog.CatalogSql",
            "io.batchflow.sql.SqlDialect",
            "io.batchflow.sql.DialectStatements",
            "io.batchflow.sql.DialectValues",
            "io.batchflow.sql.DialectErrors",
            "io.batchflow.sql.DialectSessions",
            "io.batchflow.sql.Placeholder",
            "io.batchflow.sql.dialect.Dialects",
            "io.batchflow.sql.dialect.SqlText",
            "io.batchflow.sql.SqlTable",
            "io.batchflow.sql.SqlColumn",
            "io.batchflow.sql.CatalogRow",
            "io.batchflow.sql.CatalogRow$Cells",
            "io.batchflow.sql.DriverError",
            "io.batchflow.sql.SqlFailures",
            "io.batchflow.sql.SendState",
            "io.batchflow.sql.SessionId",
            "io.batchflow.sql.SessionId$End",
            "io.batchflow.sql.WritesUnderWay",
            "io.batchflow.sql.TableCache",
            "io.batchflow.sql.SqlStatement",
            "io.batchflow.sql.SqlStatement$Parameters",
            "io.batchflow.sql.SqlPreview",
            "io.batchflow.sql.SqlPreview$Statement",
            "io.batchflow.sql.SqlVerdicts",
            "io.batchflow.sql.SqlWriteException",
            "io.batchflow.sql.writer.OtherSession",
            "io.batchflow.sql.writer.SessionEnder",
            "io.batchflow.sql.writer.TableLookup",
            "io.batchflow.sql.writer.UnitAttempts",
            "io.batchflow.sql.writer.UnitAttempts$Failed",
            "io.batchflow.sql.writer.UnitRun",
            "io.batchflow.sql.writer.UnitTables",
            "io.batchflow.r2dbc.R2dbcBatchWriter",
            "io.batchflow.jdbc.JdbcBatchWriter");
  }

  @Test
  void nothingIsPrinted() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(MAIN);
  }
}
