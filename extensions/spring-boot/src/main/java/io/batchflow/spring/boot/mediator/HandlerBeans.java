package io.batchflow.spring.boot.mediator;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.coalesce.BatchHandler;
import io.batchflow.mediator.EventHandler;
import io.batchflow.mediator.Mediator;
import io.batchflow.mediator.Request;
import io.batchflow.mediator.RequestHandler;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.util.function.SingletonSupplier;

/** Finds the handlers among the beans, and the types of their messages. */
final class HandlerBeans {

  private final ConfigurableListableBeanFactory beans;

  HandlerBeans(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  void addTo(Mediator.Builder mediator) {
    for (String name : beans.getBeanNamesForType(RequestHandler.class)) {
      addHandler(mediator, required(name, RequestHandler.class), name);
    }
    batchRequests().forEach((name, type) -> addBatchHandler(mediator, type, name));
    for (String name : beans.getBeanNamesForType(EventHandler.class)) {
      addEventHandler(mediator, required(name, EventHandler.class), name);
    }
  }

  /** Returns the types of the requests that come in lists, by the names of their handlers. */
  Map<String, Class<?>> batchRequests() {
    Map<String, Class<?>> requests = new LinkedHashMap<>();
    for (String name : beans.getBeanNamesForType(BatchHandler.class)) {
      Class<?> type = required(name, BatchHandler.class);
      if (Request.class.isAssignableFrom(type)) { // others are of the application's own coalescers
        requests.put(name, type);
      }
    }
    return requests;
  }

  @SuppressWarnings("unchecked") // the bean's type says which requests it takes
  private <C extends Request<R>, R> void addHandler(
      Mediator.Builder mediator, Class<?> type, String name) {
    Supplier<Object> bean = lazily(name);
    mediator.handler(
        (Class<C>) type, request -> ((RequestHandler<C, R>) bean.get()).handle(request));
  }

  @SuppressWarnings("unchecked") // the bean's type says which requests it takes
  private <C extends Request<R>, R> void addBatchHandler(
      Mediator.Builder mediator, Class<?> type, String name) {
    Supplier<Object> bean = lazily(name);
    mediator.batchHandler(
        (Class<C>) type, requests -> ((BatchHandler<C, R>) bean.get()).handle(requests));
  }

  @SuppressWarnings("unchecked") // the bean's type says which events it takes
  private <E> void addEventHandler(Mediator.Builder mediator, Class<?> type, String name) {
    Supplier<Object> bean = lazily(name);
    mediator.eventHandler(
        name, (Class<E>) type, event -> ((EventHandler<E>) bean.get()).handle(event));
  }

  /** A handler may use the mediator itself, so it is created after it. */
  private Supplier<Object> lazily(String name) {
    return SingletonSupplier.of(() -> beans.getBean(name));
  }

  private Class<?> required(String name, Class<?> handler) {
    Class<?> declared = messageType(declared(name), handler);
    Class<?> type =
        declared == null
            ? messageType(ResolvableType.forClass(beans.getType(name)), handler)
            : declared;
    if (type == null) {
      throw new InvalidConfigurationException(
          name,
          "does not say which messages it handles",
          "Declare the bean's type with the type of its messages, as in "
              + handler.getSimpleName()
              + "<"
              + arguments(handler)
              + ">");
    }
    return type;
  }

  /** A type without arguments resolves to the bound of its parameter. */
  private static @Nullable Class<?> messageType(ResolvableType bean, Class<?> handler) {
    Class<?> type = bean.as(handler).resolveGeneric(0);
    return type == Request.class ? null : type;
  }

  private static String arguments(Class<?> handler) {
    return handler == EventHandler.class ? "OrderPlaced" : "FindPrice, Price";
  }

  /** Returns the type that the bean is declared by; a lambda knows no types itself. */
  private ResolvableType declared(String name) {
    return beans.containsBeanDefinition(name)
        ? beans.getMergedBeanDefinition(name).getResolvableType()
        : ResolvableType.NONE;
  }
}
