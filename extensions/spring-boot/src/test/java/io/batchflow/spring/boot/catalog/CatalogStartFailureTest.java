package io.batchflow.spring.boot.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import io.batchflow.spring.boot.FlowStartException;
import io.batchflow.spring.boot.TestDatabase;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What a user reads if a property of the catalog is wrong. */
class CatalogStartFailureTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  BatchFlowAutoConfiguration.class, CatalogAutoConfiguration.class))
          .withBean(ConnectionFactory.class, TestDatabase.create()::connections);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "batchflow.catalog.tables.orders.bufer_size=1 | Did you mean"
            + " 'batchflow.catalog.tables.orders.buffer-size', of type Integer?",
        "batchflow.catalog.tabels.orders.buffer-size=1 | Did you mean"
            + " 'batchflow.catalog.tables.orders.buffer-size'",
        "batchflow.catalog.tables.orders.buffer-size=0 | Give a number from 1 to 2147483647",
        "batchflow.catalog.defaults.retention-days=-1 | Give a number from 0 to 36500",
        "batchflow.catalog.name-pattern=( | batchflow.catalog",
        "batchflow.catalog.flows=other | The flows are: batchFlow",
        "batchflow.catalog.tables[a-b].buffer-size=1 | Check batchflow.catalog.store",
        "batchflow.catalog.store=r2dbc | Check batchflow.catalog.store",
      })
  void whatIsWrongIsRefused(String property, String message) {
    runner
        .withPropertyValues("batchflow.catalog.store=memory", property)
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .satisfiesAnyOf(
                        root -> assertThat(root).hasMessageContaining(message),
                        root ->
                            assertThat(failureIn(context.getStartupFailure()))
                                .hasMessageContaining(message)));
  }

  private static Throwable failureIn(Throwable thrown) {
    Throwable cause = thrown;
    while (!(cause instanceof FlowStartException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
