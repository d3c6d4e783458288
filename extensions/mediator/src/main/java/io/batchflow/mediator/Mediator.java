package io.batchflow.mediator;

import io.batchflow.BatchFlow;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.coalesce.BatchHandler;
import io.batchflow.coalesce.Coalescer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sends each request to the handler of its type, and each event to all its handlers, through {@link
 * Behavior}s. A batch handler gets many requests at once, collected by a {@link Coalescer}.
 *
 * <p>Thread-safe. You must {@link #close()} it if it has batch handlers.
 */
public final class Mediator {

  private final Map<Class<?>, Handler> handlers;
  private final List<Listener> listeners;
  private final List<Behavior> behaviors;
  private final Map<String, Coalescer<?, ?>> coalescers;

  /** Which handlers each type of events has. */
  private final Map<Class<?>, List<Listener>> listenersOf = new ConcurrentHashMap<>();

  private Mediator(
      Builder builder, Map<Class<?>, Handler> handlers, Map<String, Coalescer<?, ?>> coalescers) {
    this.handlers = Map.copyOf(handlers);
    this.listeners = List.copyOf(builder.listeners);
    this.behaviors = List.copyOf(builder.behaviors);
    this.coalescers = coalescers;
  }

  /** Starts to build a mediator. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Sends a request to the handler of its class. Cold: each subscription is one call.
   *
   * @return the handler's reply. Fails with {@link NoHandlerException}, with the failure of a
   *     behavior or the handler, or as {@link Coalescer#send} does
   */
  public <R> Mono<R> send(Request<R> request) {
    Handler handler = handlers.get(request.getClass());
    if (handler == null) {
      return Mono.error(new NoHandlerException(request.getClass()));
    }
    @SuppressWarnings("unchecked") // the builder takes only handlers with the type of the reply
    Mono<R> call = Mono.defer(() -> (Mono<R>) handler.call.of(request));
    return around(new Delivery(request, handler.name, handler.kind), call);
  }

  /**
   * Calls all handlers of an event's class and of its supertypes, at the same time. Cold.
   *
   * @return completes when all of them have ended, also if there are none. Then fails if one of
   *     them did; several failures are one exception, as of {@link Flux#mergeDelayError}
   */
  public Mono<Void> publish(Object event) {
    return Mono.whenDelayError(
        listenersOf.computeIfAbsent(event.getClass(), this::of).stream()
            .map(listener -> published(listener, event))
            .toList());
  }

  private List<Listener> of(Class<?> type) {
    return listeners.stream().filter(listener -> listener.type.isAssignableFrom(type)).toList();
  }

  private Mono<Void> published(Listener listener, Object event) {
    Mono<Void> call = Flux.defer(() -> listener.handler.handle(event)).then();
    return around(new Delivery(event, listener.name, Delivery.Kind.EVENT), call);
  }

  private <R> Mono<R> around(Delivery delivery, Mono<R> call) {
    Mono<R> next = call;
    for (int i = behaviors.size() - 1; i >= 0; i--) {
      next = behaviors.get(i).around(delivery, next);
    }
    return next;
  }

  /**
   * Returns the coalescer of each batch handler by the name of its handler, for statistics, health
   * and control; unmodifiable.
   */
  public Map<String, Coalescer<?, ?>> coalescers() {
    return coalescers;
  }

  /** Closes all coalescers, so that requests under way get their replies. Idempotent. */
  public Mono<Void> close() {
    return Mono.whenDelayError(coalescers.values().stream().map(Coalescer::close).toList());
  }

  @Override
  public String toString() {
    return "Mediator[handlers=" + handlers.size() + ", listeners=" + listeners.size() + "]";
  }

  /** Calls a handler with a request of its type. */
  @FunctionalInterface
  private interface Call {

    Mono<?> of(Object request);
  }

  private record Handler(String name, Delivery.Kind kind, Call call) {}

  private record Listener(String name, Class<?> type, EventHandler<Object> handler) {}

  /** A batch handler, whose coalescer starts when the mediator is built. */
  private record Batched<C extends Request<R>, R>(
      String name,
      Class<C> type,
      BatchHandler<C, R> handler,
      Consumer<Coalescer.Builder<C, R>> options) {

    Coalescer<C, R> start(BiConsumer<String, BatchFlow.Builder> flow) {
      Coalescer.Builder<C, R> coalescer = RequestType.coalescer(name, type, handler, flow);
      options.accept(coalescer);
      return coalescer.build();
    }
  }

  /** Builds a {@link Mediator}. Not safe for concurrent use. */
  public static final class Builder {

    private final Map<Class<?>, Handler> single = new LinkedHashMap<>();
    private final Map<Class<?>, Batched<?, ?>> batched = new LinkedHashMap<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Behavior> behaviors = new ArrayList<>();
    private BiConsumer<String, BatchFlow.Builder> flow = (handler, options) -> {};

    private Builder() {}

    /**
     * Adds the handler of a type of requests, which it gets one at a time.
     *
     * @throws InvalidConfigurationException if the type has a handler, or a value is null
     */
    public <C extends Request<R>, R> Builder handler(Class<C> type, RequestHandler<C, R> handler) {
      given("handler", handler);
      Call call = request -> handler.handle(type.cast(request));
      single.put(free(type), new Handler(type.getSimpleName(), Delivery.Kind.REQUEST, call));
      return this;
    }

    /**
     * Adds the handler of a type of requests, which it gets in lists. {@link BatchOptions} and
     * {@link BatchKey} on the type say how they are collected.
     *
     * @throws InvalidConfigurationException if the type has a handler, its key is not one method
     *     without parameters, or a value is null
     */
    public <C extends Request<R>, R> Builder batchHandler(
        Class<C> type, BatchHandler<C, R> handler) {
      return batchHandler(type, handler, options -> {});
    }

    /**
     * Adds the handler of a type of requests, which it gets in lists.
     *
     * @param options sets further options of its coalescer, such as {@code repeatable}, when the
     *     mediator is built. Set options of the flow by {@link #flow}
     */
    public <C extends Request<R>, R> Builder batchHandler(
        Class<C> type, BatchHandler<C, R> handler, Consumer<Coalescer.Builder<C, R>> options) {
      given("handler", handler);
      given("options", options);
      batched.put(free(type), new Batched<>(type.getSimpleName(), type, handler, options));
      return this;
    }

    private <C> Class<C> free(Class<C> type) {
      String name = given("type", type).getSimpleName();
      boolean taken =
          single.containsKey(type)
              || batched.values().stream().anyMatch(other -> other.name().equals(name));
      if (taken || batched.containsKey(type)) {
        throw new InvalidConfigurationException(
            "handler", "for " + type.getName() + " is there already", "Keep one of them");
      }
      return type;
    }

    /**
     * Adds a handler of events, one of any number.
     *
     * @param name for behaviors, such as the name of a trace
     * @param type the class of the events, or a supertype of them
     * @throws InvalidConfigurationException if a value is null
     */
    public <E> Builder eventHandler(String name, Class<E> type, EventHandler<? super E> handler) {
      given("type", type);
      given("handler", handler);
      listeners.add(
          new Listener(given("name", name), type, event -> handler.handle(type.cast(event))));
      return this;
    }

    /** Adds a behavior within those that were added before. */
    public Builder behavior(Behavior behavior) {
      behaviors.add(given("behavior", behavior));
      return this;
    }

    /**
     * Sets options of the flow of each batch handler, after those of {@link BatchOptions} and of
     * earlier calls: a scheduler, listeners, retry.
     *
     * @param flow takes the name of the handler and the options of its flow
     */
    public Builder flow(BiConsumer<String, BatchFlow.Builder> flow) {
      this.flow = this.flow.andThen(given("flow", flow));
      return this;
    }

    /**
     * Builds the mediator, and starts a coalescer for each batch handler.
     *
     * @throws InvalidConfigurationException if options contradict each other
     */
    public Mediator build() {
      Map<Class<?>, Handler> handlers = new HashMap<>(single);
      Map<String, Coalescer<?, ?>> coalescers = new LinkedHashMap<>();
      batched.forEach((type, each) -> handlers.put(type, started(each, coalescers)));
      return new Mediator(this, handlers, Collections.unmodifiableMap(coalescers));
    }

    private <C extends Request<R>, R> Handler started(
        Batched<C, R> batched, Map<String, Coalescer<?, ?>> coalescers) {
      Coalescer<C, R> coalescer = batched.start(flow);
      coalescers.put(batched.name(), coalescer);
      return new Handler(
          batched.name(),
          Delivery.Kind.BATCHED_REQUEST,
          request -> coalescer.send(batched.type().cast(request)));
    }

    private static <T> T given(String option, @Nullable T value) {
      if (value == null) {
        throw new InvalidConfigurationException(option, "is null", "Give a value");
      }
      return value;
    }
  }
}
