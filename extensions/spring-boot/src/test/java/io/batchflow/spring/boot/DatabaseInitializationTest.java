package io.batchflow.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcInitializationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class DatabaseInitializationTest {

  @Test
  void flowsAreMadeAfterTheScriptsOfTheDatabase() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                R2dbcAutoConfiguration.class,
                R2dbcInitializationAutoConfiguration.class,
                BatchFlowAutoConfiguration.class))
        .withPropertyValues(
            "spring.r2dbc.url=r2dbc:h2:mem:///initialized",
            "spring.sql.init.mode=always",
            "batchflow.flows.orders.max-wait=1s")
        .run(
            context ->
                assertThat(
                        context
                            .getSourceApplicationContext()
                            .getBeanFactory()
                            .getBeanDefinition("orders")
                            .getDependsOn())
                    .containsExactly("r2dbcScriptDatabaseInitializer"));
  }
}
