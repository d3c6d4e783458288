package io.batchflow.coalesce;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchWriter;
import io.batchflow.FlowClosedException;
import io.batchflow.FlowView;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.QueueFullException;
import io.batchflow.RowExpiredException;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.control.TableControl;
import io.batchflow.health.FlowHealth;
import io.batchflow.stats.FlowStats;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * Takes single calls, lets a {@link BatchHandler} handle them in batches, and gives each caller the
 * reply to its own call. The calls may read or write.
 *
 * <p>It is a {@link BatchFlow} whose rows are calls. So batches, room, retries, deadlines,
 * statistics and listeners are those of a flow, in which the name of the handler is the name of the
 * table. A call counts as a row of about 120 bytes; a text or a number of bytes counts with its
 * length.
 *
 * <p>Thread-safe. You must {@link #close()} it.
 *
 * @param <C> the type of the calls
 * @param <R> the type of the values that callers get
 */
public final class Coalescer<C, R> implements FlowView {

  private final String name;
  private final Schema schema;
  private final BatchFlow flow;
  private final @Nullable Function<? super C, ?> key;
  private final Shards shards;

  private Coalescer(Builder<C, R> builder, Schema schema, BatchFlow flow) {
    this.name = builder.name;
    this.schema = schema;
    this.flow = flow;
    this.key = builder.key;
    this.shards = new Shards(name, builder.maxKeys);
  }

  /**
   * Starts to build a coalescer.
   *
   * @param name the name of the handler, for messages, statistics and meters
   * @param handler handles the calls
   * @throws InvalidConfigurationException if one is null, or the name is blank
   */
  public static <C, R> Builder<C, R> builder(String name, BatchHandler<C, R> handler) {
    return new Builder<>(name, handler);
  }

  /**
   * Sends one call.
   *
   * <p>Cold: each subscription is one call. A cancellation before the call's batch is sealed
   * withdraws it: the handler does not get it. A later cancellation only drops the reply.
   *
   * @return the value of the reply; empty if the reply has none. Fails with a {@link
   *     CallFailedException} if the handler failed. If the handler did not get the call, fails with
   *     {@link QueueFullException}, {@link RowExpiredException} or {@link FlowClosedException}, in
   *     which the name of the handler is that of the table
   */
  public Mono<R> send(C call) {
    Objects.requireNonNull(call, "call");
    return key == null ? send(schema, call) : sendByKey(key, call);
  }

  private Mono<R> sendByKey(Function<? super C, ?> keyOf, C call) {
    return Mono.defer(
        () -> {
          Object key = Objects.requireNonNull(keyOf.apply(call), "key");
          return Mono.using(
              () -> shards.enter(key), shard -> send(shard, call), shard -> shards.leave(key));
        });
  }

  private Mono<R> send(Schema shard, C call) {
    return flow.submit(shard.row().set(0, call))
        .<R>handle(Coalescer::deliver)
        .onErrorMap(BatchFlowException.class, this::failed);
  }

  @SuppressWarnings("unchecked") // the handler's replies are of this type
  private static <R> void deliver(WriteResult result, SynchronousSink<R> sink) {
    Reply<R> reply = (Reply<R>) result.value(CallBatch.REPLY);
    R value = reply == null ? null : reply.value();
    if (value != null) {
      sink.next(value);
    }
  }

  private Throwable failed(BatchFlowException failure) {
    boolean notCalled =
        failure instanceof QueueFullException
            || failure instanceof RowExpiredException
            || failure instanceof FlowClosedException;
    return notCalled ? failure : CallFailedException.of(name, failure);
  }

  /** Returns the control of the handler: pause, resume, flush, another policy. */
  public TableControl control() {
    return flow.control(schema.table());
  }

  /**
   * Hands all waiting calls to the handler now. Completes when every call sent before this
   * subscription has its reply or failure.
   */
  public Mono<Void> flush() {
    return flow.flush();
  }

  /**
   * Turns new calls away, and completes when every call has its reply or failure, within {@link
   * BatchFlow.Builder#closeTimeout}. Idempotent.
   */
  public Mono<Void> close() {
    return flow.close();
  }

  /** Returns how many keys have calls under way; 0 if calls have no {@link Builder#key}. */
  public int activeKeys() {
    return shards.size();
  }

  @Override
  public FlowStats stats() {
    return flow.stats();
  }

  @Override
  public FlowHealth health() {
    return flow.health();
  }

  @Override
  public String toString() {
    return "Coalescer[" + name + "]";
  }

  /** Builds a {@link Coalescer}. Not safe for concurrent use. */
  public static final class Builder<C, R> {

    /** As many as a flow has lanes before it looks for idle ones. */
    private static final int MOST_KEYS = 4_096;

    private final String name;
    private final BatchHandler<C, R> handler;
    private boolean sharesEqualCalls;
    private boolean repeatable;
    private @Nullable Function<? super C, ?> key;
    private int maxKeys = 2_048;
    private UnaryOperator<BatchWriter> decorator = UnaryOperator.identity();
    private Consumer<BatchFlow.Builder> options = options -> {};

    private Builder(String name, BatchHandler<C, R> handler) {
      this.name = given("name", name);
      this.handler = given("handler", handler);
      if (name.isBlank()) {
        throw new InvalidConfigurationException("name", "is blank", "Give the handler a name");
      }
    }

    /**
     * Sets whether equal calls of a batch, by {@code equals}, become one call whose reply all their
     * callers get. Suits calls that read. Defaults to false.
     */
    public Builder<C, R> shareEqualCalls(boolean shareEqualCalls) {
      this.sharesEqualCalls = shareEqualCalls;
      return this;
    }

    /**
     * Sets whether handling a call twice does no harm. Calls whose reply was lost or is missing are
     * then sent again. Suits calls that read. Defaults to false.
     */
    public Builder<C, R> repeatable(boolean repeatable) {
      this.repeatable = repeatable;
      return this;
    }

    /**
     * Sets the key of calls. The handler then gets lists whose calls have equal keys, by {@code
     * equals}. Keys take turns, so a slow or frequent one does not hold up the others. With {@code
     * BatchPolicy.concurrency(1)}, the handler gets the calls of a key in their order, one list
     * after the other; a call whose caller has gone no longer counts. Defaults to no keys.
     *
     * @param key returns the key of a call, never null; called for each call, must not block
     */
    public Builder<C, R> key(Function<? super C, ?> key) {
      this.key = given("key", key);
      return this;
    }

    /**
     * Sets how many keys can have calls under way at the same time. A call of a further key fails
     * with {@link QueueFullException}. Nothing is kept of a key without calls. Defaults to 2,048.
     *
     * @throws InvalidConfigurationException unless from 1 to 4,096
     */
    public Builder<C, R> maxKeys(int maxKeys) {
      if (maxKeys < 1 || maxKeys > MOST_KEYS) {
        throw new InvalidConfigurationException(
            "maxKeys", "is " + maxKeys, "Give a number from 1 to " + MOST_KEYS);
      }
      this.maxKeys = maxKeys;
      return this;
    }

    /**
     * Sets what decorates the writer that calls the handler, such as an {@code ObservedBatchWriter}
     * or a circuit breaker. Defaults to nothing.
     */
    public Builder<C, R> writer(UnaryOperator<BatchWriter> decorator) {
      this.decorator = given("writer", decorator);
      return this;
    }

    /**
     * Sets the options of the flow: its policy, concurrency, retry, failure classifier, listeners
     * and all others. Called once, by {@link #build}. Defaults to those of {@link
     * BatchFlow.Builder}.
     */
    public Builder<C, R> flow(Consumer<BatchFlow.Builder> options) {
      this.options = given("flow", options);
      return this;
    }

    /**
     * Builds and starts the coalescer.
     *
     * @throws InvalidConfigurationException if options contradict each other
     */
    public Coalescer<C, R> build() {
      Schema schema = Shards.schema(name, null);
      BatchWriter writer = new HandlerWriter<>(handler, sharesEqualCalls, repeatable);
      BatchFlow.Builder flow = BatchFlow.builder(decorator.apply(writer));
      options.accept(flow);
      return new Coalescer<>(this, schema, flow.build());
    }

    private static <T> T given(String option, @Nullable T value) {
      if (value == null) {
        throw new InvalidConfigurationException(option, "is null", "Give a value");
      }
      return value;
    }
  }
}
