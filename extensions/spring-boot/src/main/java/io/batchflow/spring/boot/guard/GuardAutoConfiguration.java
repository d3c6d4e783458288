package io.batchflow.spring.boot.guard;

import io.batchflow.BatchFlow;
import io.batchflow.BatchListener;
import io.batchflow.audit.AuditTrail;
import io.batchflow.guard.ContextName;
import io.batchflow.guard.GuardedFlow;
import io.batchflow.guard.Rights;
import io.batchflow.spring.boot.AuditLog;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * Makes the {@link Rights} of {@code batchflow.guard}, and a {@link GuardedFlow} before the only or
 * primary flow. Its user is in the Reactor Context, or has authenticated with Spring Security.
 */
@AutoConfiguration(after = BatchFlowAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "batchflow.enabled", matchIfMissing = true)
@EnableConfigurationProperties(GuardProperties.class)
public final class GuardAutoConfiguration {

  private static final String USERS = "batchFlowUsers";

  @Bean
  @Conditional(OnRightsCondition.class)
  @ConditionalOnMissingBean
  Rights batchFlowRights(GuardProperties properties) {
    return RightsReader.read(properties);
  }

  // By its name: another one may find tenants, which must not pass for users.
  @Bean
  @ConditionalOnMissingBean(name = USERS)
  ContextName batchFlowUsers(GuardProperties properties) {
    return SecurityUsers.orUnder(properties.principal());
  }

  @Bean
  @ConditionalOnBean(Rights.class)
  @ConditionalOnSingleCandidate(BatchFlow.class)
  @ConditionalOnMissingBean
  GuardedFlow batchFlowGuardedFlow(
      BatchFlow flow,
      Rights rights,
      @Qualifier(USERS) ContextName users,
      Map<String, BatchFlow> flows,
      ObjectProvider<AuditLog> audits,
      ObjectProvider<BatchListener> listeners) {
    GuardedFlow guarded = GuardedFlow.of(flow, rights).withUsers(users);
    Stream<AuditTrail> trails =
        flows.entrySet().stream()
            .filter(named -> named.getValue().equals(flow))
            .map(Map.Entry::getKey)
            .flatMap(name -> audits.stream().map(audit -> audit.trail(name)))
            .filter(Objects::nonNull);
    for (BatchListener listener :
        Stream.<BatchListener>concat(trails, listeners.orderedStream()).toList()) {
      guarded = guarded.withListener(listener);
    }
    return guarded;
  }
}
