package io.batchflow.r2dbc.retention;

import static io.batchflow.r2dbc.retention.RetentionScene.PATIENCE;
import static io.batchflow.r2dbc.retention.RetentionScene.utc;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.catalog.MemoryCatalogStore;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableSettings;
import io.batchflow.catalog.TableStatus;
import io.batchflow.lease.LeaseLostException;
import io.batchflow.r2dbc.lease.LeaseDatabase.Kind;
import io.batchflow.r2dbc.lease.R2dbcLeaseStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A schedule runs in the process that holds the lease, by the settings of a catalog. */
@Tag("server")
class RetentionScheduleTest {

  private static final Duration OLD = Duration.ofDays(32);

  private static R2dbcLeaseStore leases(RetentionScene scene) {
    R2dbcLeaseStore leases = R2dbcLeaseStore.create(scene.factory());
    leases.createTable().block(PATIENCE);
    return leases;
  }

  private static TableCatalog catalog() {
    TableCatalog catalog =
        TableCatalog.builder(MemoryCatalogStore.create())
            .defaults(TableSettings.builder().retentionDays(30).build())
            .build();
    catalog
        .create("events", TableSettings.builder().property("time_column", "at_time").build())
        .then(catalog.create("forever", TableSettings.builder().retentionDays(0).build()))
        .then(catalog.create("missing", TableSettings.none()))
        .then(catalog.create("dropped", TableSettings.none()))
        .flatMap(dropped -> catalog.alter(dropped.withStatus(TableStatus.DELETING)))
        .block(PATIENCE);
    return catalog;
  }

  @Test
  void theRulesAreThoseOfTheCatalog() {
    assertThat(RetentionRule.ofCatalog(catalog(), "created_at").collectList().block(PATIENCE))
        .extracting(RetentionRule::toString)
        .containsExactly(
            "RetentionRule[events.at_time, PT720H]", "RetentionRule[missing.created_at, PT720H]");
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES", "MARIADB"})
  void theHolderOfTheLeaseRunsAllRulesAgainAndAgain(Kind kind) throws Exception {
    try (RetentionScene scene = new RetentionScene(kind)) {
      scene.createEvents(scene.isMariaDb() ? "DATETIME(6)" : "TIMESTAMP");
      scene.insert(0, List.of(utc(OLD), utc(Duration.ZERO)));
      Retention retention = Retention.create(scene.factory());

      List<RetentionRun> runs =
          retention
              .whileHeld(
                  leases(scene),
                  Duration.ofMillis(10),
                  RetentionRule.ofCatalog(catalog(), "created_at"))
              .take(3)
              .collectList()
              .block(PATIENCE);

      assertThat(runs)
          .extracting(RetentionRun::table)
          .containsExactly("events", "missing", "events");
      assertThat(runs).extracting(RetentionRun::deletedRows).containsExactly(1L, 0L, 0L);
      assertThat(runs.get(1).failure()).hasMessageContaining("there is no such table");
      assertThat(scene.kept()).containsExactly(1L);
    }
  }

  /** As by a process that was stopped, and goes on after another one has the lease. */
  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES", "MARIADB"})
  void whoHasLostTheLeaseDeletesNothing(Kind kind) throws Exception {
    try (RetentionScene scene = new RetentionScene(kind)) {
      scene.createEvents(scene.isMariaDb() ? "DATETIME(6)" : "TIMESTAMP");
      scene.insert(0, List.of(utc(OLD)));
      RetentionRule rule = RetentionRule.of("events", "at_time", Duration.ofDays(30));
      Mono<RetentionRule> stolen =
          Mono.fromRunnable(() -> scene.run("UPDATE batchflow_leases SET token = token + 1"))
              .subscribeOn(Schedulers.boundedElastic())
              .thenReturn(rule);

      RetentionRun run =
          Retention.create(scene.factory())
              .whileHeld(leases(scene), Duration.ofDays(1), Flux.concat(stolen, stolen))
              .blockFirst(PATIENCE);

      assertThat(run.failure()).isInstanceOf(LeaseLostException.class);
      assertThat(run.deletedRows()).isZero();
      assertThat(scene.kept()).containsExactly(0L);
    }
  }
}
