package io.batchflow.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What a user reads if a property is wrong. */
class StartFailureTest {

  private final TestDatabase database = TestDatabase.create();
  private final ApplicationContextRunner plain =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(BatchFlowAutoConfiguration.class));
  private final ApplicationContextRunner runner =
      plain.withBean("database", ConnectionFactory.class, database::connections);

  @ParameterizedTest
  @CsvSource({
    "batchflow.defaults.max-pendin, batchflow.defaults.max-pending",
    "batchflow.default.max-pending, batchflow.defaults.max-pending",
    "batchflow.defaults.policy.maxsise, batchflow.defaults.policy.max-size",
    "batchflow.flow.orders.max-wait, batchflow.flows.orders.max-wait",
    "batchflow.flows.orders.policy.max-siz, batchflow.flows.orders.policy.max-size",
    "batchflow.flows.orders.tables.sales.max-delays, batchflow.flows.orders.tables.sales.max-delay",
    "batchflow.max-pending, batchflow.defaults.max-pending",
    "batchflow.web.ndjson.max-line, batchflow.web.ndjson.max-line-size",
    "batchflow.spring-data.batch-save-all, batchflow.spring-data.batched-save-all",
  })
  void anUnknownPropertyFailsAndNamesTheNearest(String unknown, String nearest) {
    FailureAnalysis analysis = failureOf(runner.withPropertyValues(unknown + "=5"));
    assertThat(analysis.getDescription()).contains("'" + unknown + "'");
    assertThat(analysis.getAction()).contains("'" + nearest + "'");
  }

  @Test
  void propertiesInOtherNotationsAndOfOtherModulesAreKnown() {
    runner
        .withPropertyValues(
            "batchflow.spring-data.batched-save-all=true",
            "batchflow.web.ndjson.maxLineSize=1MB",
            "batchflow.defaults.maxPending=5000",
            "batchflow.defaults.policy.returning[0]=id",
            "batchflow.flows.orders.tables[sales.orders].maxSize=5")
        .run(context -> assertThat(context).hasNotFailed());
  }

  @ParameterizedTest
  @CsvSource({
    "batchflow.defaults.max-pending=10, batchflow.flows.orders.policy.max-size=20",
    "batchflow.flows.orders.max-pending=10, batchflow.defaults.policy.max-size=20",
    "batchflow.flows.orders.max-pending=1500, batchflow.flows.orders.tables[sales].max-size=2000",
    "batchflow.flows.orders.max-pending-bytes=1MB, batchflow.defaults.policy.max-bytes=2MB",
    "batchflow.flows.orders.policy.max-delay=2s, batchflow.defaults.policy.delivery-timeout=1s",
    "batchflow.flows.orders.concurrency=2, batchflow.flows.orders.policy.concurrency=3",
  })
  void optionsThatContradictEachOtherFailAndNameBothKeys(String one, String other) {
    FailureAnalysis analysis =
        failureOf(runner.withPropertyValues(one, other, "batchflow.flows.orders.max-wait=1s"));
    assertThat(analysis.getDescription()).contains("'orders'");
    assertThat(analysis.getAction()).contains(keyOf(one)).contains(keyOf(other));
  }

  @Test
  void anOptionOutOfRangeFailsAndNamesItsKey() {
    FailureAnalysis analysis =
        failureOf(runner.withPropertyValues("batchflow.defaults.concurrency=0"));
    assertThat(analysis.getAction()).contains("batchflow.defaults.concurrency");
  }

  @Test
  void moreConcurrencyThanConnectionsFailsAndNamesThePool() {
    FailureAnalysis analysis =
        failureOf(runner.withPropertyValues("batchflow.defaults.concurrency=1000"));
    assertThat(analysis.getAction())
        .contains("batchflow.defaults.concurrency", "spring.r2dbc.pool.max-size");
  }

  @ParameterizedTest
  @CsvSource({"29s, 28000", "1h, 28000"})
  void tooLongCloseTimeoutFailsAndNamesBothKeys(String timeout, String longest) {
    FailureAnalysis analysis =
        failureOf(runner.withPropertyValues("batchflow.flows.orders.close-timeout=" + timeout));
    assertThat(analysis.getDescription())
        .contains(
            "batchflow.flows.orders.close-timeout", "spring.lifecycle.timeout-per-shutdown-phase");
    assertThat(analysis.getAction()).contains(longest + " ms");
  }

  @Test
  void severalDatabasesFailAndAreNamed() {
    FailureAnalysis analysis =
        failureOf(
            runner
                .withBean("replica", ConnectionFactory.class, database::connections)
                .withPropertyValues("batchflow.flows.orders.backend=r2dbc"));
    assertThat(analysis.getDescription()).contains("database", "replica", "'orders'");
    assertThat(analysis.getAction()).contains("batchflow.flows.orders.bean");
  }

  @Test
  void anUnknownBeanFailsAndTheOthersAreNamed() {
    FailureAnalysis analysis =
        failureOf(runner.withPropertyValues("batchflow.flows.orders.bean=replica"));
    assertThat(analysis.getDescription()).contains("'replica'", "'orders'");
    assertThat(analysis.getAction()).contains("database");
  }

  @Test
  void aBackendWithoutDatabaseOrLibraryFails() {
    assertThat(
            failureOf(runner.withPropertyValues("batchflow.flows.orders.backend=jdbc"))
                .getDescription())
        .contains("DataSource", "'orders'");
    assertThat(
            failureOf(
                    plain
                        .withClassLoader(new FilteredClassLoader("io.batchflow.jdbc"))
                        .withPropertyValues("batchflow.flows.orders.backend=jdbc"))
                .getAction())
        .contains("batchflow-reactive-r2dbc", "batchflow.flows.orders.backend");
  }

  private static String keyOf(String property) {
    return property.substring(0, property.indexOf('='));
  }

  private static FailureAnalysis failureOf(ApplicationContextRunner runner) {
    FailureAnalysis[] analysis = new FailureAnalysis[1];
    runner.run(
        context -> {
          assertThat(context).hasFailed();
          analysis[0] = new FlowStartFailureAnalyzer().analyze(context.getStartupFailure());
        });
    assertThat(analysis[0]).isNotNull();
    return analysis[0];
  }
}
