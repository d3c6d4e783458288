package io.batchflow.spring.data;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.data.repository.core.RepositoryInformation;
import org.springframework.data.repository.core.support.RepositoryFactoryBeanSupport;
import reactor.core.publisher.Flux;

/**
 * Lets {@code saveAll} of each {@link BatchRepository} insert new entities in batches, if the
 * property {@value #PROPERTY} is {@code true}. Other entities are updated as before, one by one.
 *
 * <p>Spring Boot finds this configuration by itself. Without Spring Boot, import it.
 */
@Configuration(proxyBeanMethods = false)
public class BatchedSaveAll {

  /** The property that turns it on. Defaults to {@code false}. */
  public static final String PROPERTY = "batchflow.spring-data.batched-save-all";

  /** Creates the configuration. Spring calls it. */
  public BatchedSaveAll() {}

  @Bean
  static BeanPostProcessor batchflowSaveAllPostProcessor(
      Environment environment, ObjectProvider<BatchRepositoryFragment<Object>> fragment) {
    boolean isOn = environment.getProperty(PROPERTY, Boolean.class, false);
    return new BeanPostProcessor() {
      @Override
      public Object postProcessBeforeInitialization(Object bean, String name) {
        if (isOn && bean instanceof RepositoryFactoryBeanSupport<?, ?, ?> repository) {
          repository.addRepositoryFactoryCustomizer(
              factory ->
                  factory.addRepositoryProxyPostProcessor(
                      (proxy, information) -> addTo(proxy, information, fragment)));
        }
        return bean;
      }
    };
  }

  private static void addTo(
      ProxyFactory proxy,
      RepositoryInformation repository,
      ObjectProvider<BatchRepositoryFragment<Object>> fragment) {
    if (BatchRepository.class.isAssignableFrom(repository.getRepositoryInterface())) {
      MethodInterceptor saveAll = call -> saveAll(call, fragment);
      proxy.addAdvice(saveAll);
    }
  }

  private static @Nullable Object saveAll(
      MethodInvocation call, ObjectProvider<BatchRepositoryFragment<Object>> fragment)
      throws Throwable {
    if (!call.getMethod().getName().equals("saveAll") || call.getArguments().length != 1) {
      return call.proceed();
    }
    Object entities = call.getArguments()[0];
    if (entities instanceof Iterable<?> iterable) {
      return fragment.getObject().saveAll(Flux.fromIterable(iterable));
    }
    return entities instanceof Publisher<?> publisher
        ? fragment.getObject().saveAll(Flux.from(publisher).cast(Object.class))
        : call.proceed();
  }
}
