package io.batchflow.spring.boot.journal;

import io.batchflow.BatchFlow;
import io.batchflow.Schema;
import io.batchflow.journal.JournaledFlow;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import io.batchflow.spring.boot.BatchFlowProperties;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * Opens a journal for each flow with a directory of journals in its properties. The bean of the
 * journal has the name of the flow with {@code Journal} at its end. The {@link Schema} beans of the
 * application are those of rows that a journal may hold.
 */
@AutoConfiguration(after = BatchFlowAutoConfiguration.class)
@ConditionalOnClass(JournaledFlow.class)
@ConditionalOnBean(BatchFlow.class)
@Import(Journals.class)
public final class JournalAutoConfiguration {

  private static final Duration DEFAULT_PHASE_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration MARGIN = Duration.ofSeconds(2);

  @Bean
  JournalFactory batchFlowJournalFactory(
      BatchFlowProperties properties,
      Map<String, BatchFlow> flows,
      ObjectProvider<Schema> schemas,
      ObjectProvider<JournalCustomizer> customizers) {
    return new JournalFactory(
        properties, flows, schemas.stream().toList(), customizers.orderedStream().toList());
  }

  @Bean
  JournalLifecycle batchFlowJournalLifecycle(
      Map<String, JournaledFlow> journals,
      BatchFlowProperties properties,
      Environment environment) {
    Duration phase =
        environment.getProperty(
            "spring.lifecycle.timeout-per-shutdown-phase", Duration.class, DEFAULT_PHASE_TIMEOUT);
    Duration configured = properties.defaults().closeTimeout();
    return new JournalLifecycle(
        journals, Objects.requireNonNullElse(configured, phase.minus(MARGIN)));
  }
}
