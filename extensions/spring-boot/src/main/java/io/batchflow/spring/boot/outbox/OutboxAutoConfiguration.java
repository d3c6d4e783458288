package io.batchflow.spring.boot.outbox;

import io.batchflow.message.MessagePublisher;
import io.batchflow.r2dbc.outbox.OutboxRelay;
import io.batchflow.r2dbc.outbox.R2dbcOutbox;
import io.batchflow.spring.boot.lifecycle.ClosingLifecycle;
import io.r2dbc.spi.ConnectionFactory;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import reactor.core.publisher.Mono;

/**
 * Makes the outbox of the application's database. With a {@link MessagePublisher} bean, a relay
 * publishes its messages. At shutdown the relay is closed first, as its publisher may use the
 * mediator and the flows.
 */
@AutoConfiguration(
    afterName = "org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration")
@ConditionalOnClass({ConnectionFactory.class, R2dbcOutbox.class})
@ConditionalOnBooleanProperty(name = "batchflow.enabled", matchIfMissing = true)
public final class OutboxAutoConfiguration {

  // Lazy, as an application without an outbox may have a database that is not supported.
  @Bean
  @Lazy
  @ConditionalOnMissingBean
  @ConditionalOnSingleCandidate(ConnectionFactory.class)
  R2dbcOutbox batchFlowOutbox(ConnectionFactory connections) {
    return R2dbcOutbox.create(connections);
  }

  // Closed by the lifecycle: its close() does nothing before it is subscribed.
  @Bean(destroyMethod = "")
  @ConditionalOnMissingBean
  @ConditionalOnBean({R2dbcOutbox.class, MessagePublisher.class})
  OutboxRelay batchFlowOutboxRelay(
      R2dbcOutbox outbox,
      MessagePublisher publisher,
      ObjectProvider<OutboxRelayCustomizer> customizers) {
    OutboxRelay.Builder builder = outbox.relay(publisher);
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return builder.build();
  }

  @Bean
  @ConditionalOnMissingBean(name = "batchFlowOutboxLifecycle")
  @ConditionalOnBean(OutboxRelay.class)
  ClosingLifecycle batchFlowOutboxLifecycle(OutboxRelay relay) {
    return new ClosingLifecycle(
        ClosingLifecycle.RELAYS, relay::start, Map.of("outbox relay", Mono.defer(relay::close)));
  }
}
