package io.batchflow.spring.boot.guard;

import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches if the properties have rights, or the file of them. */
final class OnRightsCondition extends SpringBootCondition {

  private static final Bindable<Map<String, Object>> ENTRIES =
      Bindable.mapOf(String.class, Object.class);

  @Override
  public ConditionOutcome getMatchOutcome(
      ConditionContext context, AnnotatedTypeMetadata metadata) {
    Binder binder = Binder.get(context.getEnvironment());
    boolean set =
        binder.bind(GuardProperties.PREFIX + ".file", String.class).isBound()
            || binder.bind(GuardProperties.PREFIX + ".roles", ENTRIES).isBound()
            || binder.bind(GuardProperties.PREFIX + ".users", ENTRIES).isBound();
    ConditionMessage.Builder message = ConditionMessage.forCondition("BatchFlow rights");
    return set
        ? ConditionOutcome.match(message.because("the properties have rights"))
        : ConditionOutcome.noMatch(message.because("the properties have no rights"));
  }
}
