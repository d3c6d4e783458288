package io.batchflow;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final Set<String> PUBLIC =
      Set.of(
          "io.batchflow.AbsentStrategy",
          "io.batchflow.BackendError",
          "io.batchflow.BadRowException",
          "io.batchflow.Batch",
          "io.batchflow.BatchFlow",
          "io.batchflow.BatchFlowException",
          "io.batchflow.BatchListener",
          "io.batchflow.BatchPolicy",
          "io.batchflow.BatchResult",
          "io.batchflow.BatchWriteException",
          "io.batchflow.BatchWriter",
          "io.batchflow.ConflictStrategy",
          "io.batchflow.FailureClassifier",
          "io.batchflow.FailureKind",
          "io.batchflow.FlowClosedException",
          "io.batchflow.FlowView",
          "io.batchflow.InvalidConfigurationException",
          "io.batchflow.InvalidRowException",
          "io.batchflow.InvalidSchemaException",
          "io.batchflow.KeyEquality",
          "io.batchflow.Ordering",
          "io.batchflow.Outcome",
          "io.batchflow.OutcomeStatus",
          "io.batchflow.RowAbsentException",
          "io.batchflow.RowVerdict",
          "io.batchflow.Overflow",
          "io.batchflow.Progress",
          "io.batchflow.ProgressMeter",
          "io.batchflow.QueueFullException",
          "io.batchflow.RejectedRow",
          "io.batchflow.Row",
          "io.batchflow.RowExpiredException",
          "io.batchflow.RowRejectedException",
          "io.batchflow.Schema",
          "io.batchflow.SealReason",
          "io.batchflow.StaleKeysException",
          "io.batchflow.UnknownOutcomeException",
          "io.batchflow.WriteResult",
          "io.batchflow.annotation.Column",
          "io.batchflow.annotation.Embedded",
          "io.batchflow.annotation.Ignore",
          "io.batchflow.annotation.Key",
          "io.batchflow.annotation.Table",
          "io.batchflow.audit.AuditRecord",
          "io.batchflow.audit.AuditTrail",
          "io.batchflow.audit.TableAuditRecord",
          "io.batchflow.catalog.CatalogBinding",
          "io.batchflow.catalog.CatalogConflictException",
          "io.batchflow.catalog.CatalogEvent",
          "io.batchflow.catalog.CatalogException",
          "io.batchflow.catalog.CatalogFullException",
          "io.batchflow.catalog.CatalogStore",
          "io.batchflow.catalog.MemoryCatalogStore",
          "io.batchflow.catalog.SettingInfo",
          "io.batchflow.catalog.SettingsText",
          "io.batchflow.catalog.TableCatalog",
          "io.batchflow.catalog.TableDescription",
          "io.batchflow.catalog.TableExistsException",
          "io.batchflow.catalog.TableInfo",
          "io.batchflow.catalog.TableList",
          "io.batchflow.catalog.TableMissingException",
          "io.batchflow.catalog.TableSettings",
          "io.batchflow.catalog.TableStatus",
          "io.batchflow.coalesce.BatchHandler",
          "io.batchflow.coalesce.CallFailedException",
          "io.batchflow.coalesce.Coalescer",
          "io.batchflow.coalesce.Reply",
          "io.batchflow.control.TableControl",
          "io.batchflow.control.TableOperation",
          "io.batchflow.guard.Access",
          "io.batchflow.guard.ContextName",
          "io.batchflow.guard.GuardedFlow",
          "io.batchflow.guard.Rights",
          "io.batchflow.guard.RowSink",
          "io.batchflow.health.FlowHealth",
          "io.batchflow.health.HealthPolicy",
          "io.batchflow.lease.Lease",
          "io.batchflow.lease.LeaseLostException",
          "io.batchflow.lease.LeaseState",
          "io.batchflow.lease.LeaseStore",
          "io.batchflow.message.Message",
          "io.batchflow.message.MessagePublisher",
          "io.batchflow.message.PublishResult",
          "io.batchflow.micrometer.BatchSpanHandler",
          "io.batchflow.micrometer.BatchWriteContext",
          "io.batchflow.micrometer.BatchWriteConvention",
          "io.batchflow.micrometer.FlowMetrics",
          "io.batchflow.micrometer.ObservedBatchWriter",
          "io.batchflow.micrometer.TuningMetrics",
          "io.batchflow.routing.RoutingWriter",
          "io.batchflow.routing.WriterState",
          "io.batchflow.spi.ColumnCodec",
          "io.batchflow.spi.Origin",
          "io.batchflow.spi.Printable",
          "io.batchflow.spi.Spelling",
          "io.batchflow.stats.ConnectionStats",
          "io.batchflow.stats.FlowStats",
          "io.batchflow.stats.Ledger",
          "io.batchflow.stats.TableError",
          "io.batchflow.stats.TableStats",
          "io.batchflow.table.RowMapper",
          "io.batchflow.table.Table",
          "io.batchflow.tenant.TenantFlows",
          "io.batchflow.test.LedgerAssertions",
          "io.batchflow.test.RecordingWriter",
          "io.batchflow.tuning.SelfTuner",
          "io.batchflow.tuning.Tuning",
          "io.batchflow.tuning.TuningState",
          "io.batchflow.unit.Unit",
          "io.batchflow.watermark.OpenPosition",
          "io.batchflow.watermark.Watermarks");

  private static final DescribedPredicate<AccessTarget> BLOCKING =
      DescribedPredicate.describe(
          "a blocking call or a lock",
          target -> {
            String owner = target.getOwner().getName();
            boolean block = owner.startsWith("reactor.") && target.getName().startsWith("block");
            return block || owner.startsWith("java.util.concurrent.locks.Reentrant");
          });

  private final JavaClasses classes =
      new ClassFileImporter()
          .importUrl(BatchFlow.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void theCoreKnowsNoBackendAndNoFramework() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.r2dbc..", "java.sql..", "javax.sql..", "io.lettuce..", "org.springframework..")
        .check(classes);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.batchflow.micrometer")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..", "io.batchflow.micrometer")
        .check(classes);
    noClasses()
        .that()
        .doNotHaveSimpleName("Slf4jLog")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.slf4j..")
        .check(classes);
  }

  @Test
  void onlyTheListedTypesArePublic() {
    Set<String> found =
        classes.stream()
            .filter(
                type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(type -> !type.getPackageName().startsWith("io.batchflow.internal"))
            .map(JavaClass::getName)
            .collect(Collectors.toSet());

    assertThat(found).isEqualTo(PUBLIC);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.batchflow.(**)").should().beFreeOfCycles().check(classes);
    noClasses()
        .that()
        .resideInAPackage("io.batchflow")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.batchflow.test")
        .check(classes);
  }

  /** Each room of the engine uses only rooms below it. */
  @Test
  void theRoomsOfTheEngineStandOnOneAnother() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("io.batchflow.internal..")
        .layer("check")
        .definedBy("io.batchflow.internal.check")
        .layer("key")
        .definedBy("io.batchflow.internal.key")
        .layer("loop")
        .definedBy("io.batchflow.internal.loop")
        .layer("log")
        .definedBy("io.batchflow.internal.log")
        .layer("config")
        .definedBy("io.batchflow.internal.config")
        .layer("lane")
        .definedBy("io.batchflow.internal.lane")
        .layer("write")
        .definedBy("io.batchflow.internal.write")
        .layer("submit")
        .definedBy("io.batchflow.internal.submit")
        .layer("engine")
        .definedBy("io.batchflow.internal")
        .whereLayer("engine")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("submit")
        .mayOnlyBeAccessedByLayers("engine")
        .whereLayer("write")
        .mayOnlyBeAccessedByLayers("submit", "engine")
        .whereLayer("lane")
        .mayOnlyBeAccessedByLayers("write", "submit", "engine")
        .whereLayer("config")
        .mayOnlyBeAccessedByLayers("lane", "write", "submit", "engine")
        .whereLayer("log")
        .mayOnlyBeAccessedByLayers("write", "submit", "engine")
        .whereLayer("key")
        .mayOnlyBeAccessedByLayers("lane", "write")
        .whereLayer("loop")
        .mayOnlyBeAccessedByLayers("log", "config", "lane", "write", "submit", "engine")
        .whereLayer("check")
        .mayOnlyBeAccessedByLayers("submit", "engine")
        .check(classes);
  }

  /** Our own writers and listeners do not use the engine, as those of users cannot. */
  @Test
  void onlyTheModelKnowsTheEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.batchflow", "io.batchflow.health", "io.batchflow.internal..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.batchflow.internal..")
        .check(classes);
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(BatchFlow.class.getName())
        .and()
        .haveNameNotMatching(".*\\.BatchFlow\\$.*")
        .and()
        .resideOutsideOfPackage("io.batchflow.internal..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.batchflow.internal",
            "io.batchflow.internal.config",
            "io.batchflow.internal.lane",
            "io.batchflow.internal.log",
            "io.batchflow.internal.loop",
            "io.batchflow.internal.submit")
        .check(classes);
  }

  @Test
  void nothingInTheLibraryBlocksOrLocks() {
    noClasses().should().callMethodWhere(target(BLOCKING)).check(classes);
    methods().should().notHaveModifier(JavaModifier.SYNCHRONIZED).check(classes);
  }

  @Test
  void nothingIsPrinted() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(classes);
  }
}
