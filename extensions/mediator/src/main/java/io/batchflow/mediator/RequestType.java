package io.batchflow.mediator;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.coalesce.BatchHandler;
import io.batchflow.coalesce.Coalescer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the annotations of a request's type say. */
final class RequestType {

  /** Holds the defaults of the annotation. */
  @BatchOptions
  private static final class Defaults {}

  private RequestType() {}

  /**
   * Starts a coalescer by the annotations of the type.
   *
   * @param further takes the name and the flow of the handler, after the annotations
   */
  static <C, R> Coalescer.Builder<C, R> coalescer(
      String name,
      Class<C> type,
      BatchHandler<C, R> handler,
      BiConsumer<String, BatchFlow.Builder> further) {
    BatchOptions given = type.getAnnotation(BatchOptions.class);
    BatchOptions options = given == null ? Defaults.class.getAnnotation(BatchOptions.class) : given;
    Method key = keyOf(type);
    BatchPolicy.Builder policy =
        BatchPolicy.builder()
            .maxSize(options.maxBatchSize())
            .maxDelay(Duration.ofMillis(options.batchTimeout()));
    BatchPolicy applied = (key == null ? policy : policy.concurrency(1)).build();
    Coalescer.Builder<C, R> builder =
        Coalescer.builder(name, handler)
            .maxKeys(options.maxShards())
            .flow(
                flow -> {
                  flow.defaultPolicy(applied).maxPending(options.maxQueueLength());
                  further.accept(name, flow);
                });
    return key == null ? builder : builder.key(reader(key));
  }

  private static @Nullable Method keyOf(Class<?> type) {
    List<Method> keys = new ArrayList<>();
    for (Method method : type.getDeclaredMethods()) {
      if (method.isAnnotationPresent(BatchKey.class)) {
        keys.add(method);
      }
    }
    if (keys.size() > 1 || (keys.size() == 1 && keys.get(0).getParameterCount() > 0)) {
      throw new InvalidConfigurationException(
          "@BatchKey",
          "of " + type.getName() + " does not mark one method without parameters",
          "Mark one; for several values, add a method that returns a record of them");
    }
    return keys.isEmpty() ? null : accessible(keys.get(0));
  }

  private static Method accessible(Method method) {
    if (!method.trySetAccessible()) {
      throw new InvalidConfigurationException(
          "@BatchKey",
          "of " + method.getDeclaringClass().getName() + " cannot be read",
          "Open its package to io.batchflow.mediator");
    }
    return method;
  }

  private static <C> Function<C, Object> reader(Method key) {
    return request -> {
      try {
        return key.invoke(request);
      } catch (InvocationTargetException failure) {
        throw new IllegalStateException("@BatchKey failed: " + key, failure.getCause());
      } catch (IllegalAccessException failure) {
        throw new IllegalStateException("@BatchKey cannot be read: " + key, failure);
      }
    };
  }
}
