package io.batchflow.spring.boot.mediator;

import io.batchflow.mediator.BatchKey;
import io.batchflow.mediator.Mediator;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/** Registers the requests of batch handlers, since a {@link BatchKey} is read by reflection. */
final class BatchRequestsAotProcessor implements BeanFactoryInitializationAotProcessor {

  @Override
  public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
      ConfigurableListableBeanFactory beans) {
    if (!ClassUtils.isPresent("io.batchflow.mediator.Mediator", beans.getBeanClassLoader())
        || beans.getBeanNamesForType(Mediator.class).length == 0) {
      return null;
    }
    Collection<Class<?>> requests = new HandlerBeans(beans).batchRequests().values();
    return (generation, code) ->
        requests.forEach(
            request ->
                generation
                    .getRuntimeHints()
                    .reflection()
                    .registerType(request, MemberCategory.INVOKE_DECLARED_METHODS));
  }
}
