package io.batchflow.spring.boot.journal;

import io.batchflow.BatchFlow;
import io.batchflow.Schema;
import io.batchflow.journal.JournaledFlow;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import io.batchflow.spring.boot.BatchFlowProperties;
import io.batchflow.spring.boot.lifecycle.ClosingLifecycle;
import io.batchflow.spring.boot.lifecycle.ShutdownPhase;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import reactor.core.publisher.Mono;

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

  @Bean
  @ConditionalOnMissingBean
  JournalFactory batchFlowJournalFactory(
      BatchFlowProperties properties,
      Map<String, BatchFlow> flows,
      ObjectProvider<Schema> schemas,
      ObjectProvider<JournalCustomizer> customizers) {
    return new JournalFactory(
        properties, flows, schemas.stream().toList(), customizers.orderedStream().toList());
  }

  @Bean
  @ConditionalOnMissingBean(name = "batchFlowJournalLifecycle")
  ClosingLifecycle batchFlowJournalLifecycle(
      Map<String, JournaledFlow> journals,
      BatchFlowProperties properties,
      Environment environment) {
    Duration longest = ShutdownPhase.of(environment).longestClose();
    Map<String, Mono<Void>> closes = new HashMap<>();
    journals.forEach(
        (name, journal) -> {
          JournalSettings settings = JournalSettings.of(Journals.flowOf(name), properties);
          Duration timeout = Objects.requireNonNullElse(settings.closeTimeout(), longest);
          closes.put("journal '" + name + "'", Mono.defer(() -> journal.close(timeout)));
        });
    return new ClosingLifecycle(ClosingLifecycle.JOURNALS, closes);
  }
}
