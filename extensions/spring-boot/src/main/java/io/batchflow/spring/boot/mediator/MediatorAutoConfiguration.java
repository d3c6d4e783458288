package io.batchflow.spring.boot.mediator;

import io.batchflow.mediator.Behavior;
import io.batchflow.mediator.Mediator;
import io.batchflow.spring.boot.lifecycle.ClosingLifecycle;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Mono;

/**
 * Makes a mediator over the beans that handle requests and events, with the {@link Behavior} beans
 * in their order. At shutdown it is closed before the flows, which its handlers may use.
 */
@AutoConfiguration
@ConditionalOnClass(Mediator.class)
@ConditionalOnBooleanProperty(name = "batchflow.enabled", matchIfMissing = true)
public final class MediatorAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  Mediator batchFlowMediator(
      ConfigurableListableBeanFactory beans,
      ObjectProvider<Behavior> behaviors,
      ObjectProvider<MediatorBuilderCustomizer> customizers) {
    Mediator.Builder builder = Mediator.builder();
    new HandlerBeans(beans).addTo(builder);
    behaviors.orderedStream().forEach(builder::behavior);
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return builder.build();
  }

  @Bean
  @ConditionalOnMissingBean(name = "batchFlowMediatorLifecycle")
  ClosingLifecycle batchFlowMediatorLifecycle(Mediator mediator) {
    return new ClosingLifecycle(
        ClosingLifecycle.JOURNALS, Map.of("mediator", Mono.defer(mediator::close)));
  }
}
