package io.batchflow.redis;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.KeyEquality;
import io.batchflow.Schema;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Writes batches to Redis: one command for each row, all of a batch in one pipeline on a connection
 * of the writer's own, and each command's answer to its own row. Standalone, Sentinel and Cluster.
 *
 * <p>A batch is not atomic unless {@link Builder#atomic} asks for it: one row may be rejected and
 * the others written, as every outcome says. What was sent and got no answer is reported as
 * unknown, or sent again where the command leaves the same however often it runs.
 *
 * <p>Safe for any thread.
 */
public final class RedisBatchWriter implements BatchWriter {

  private static final int MAX_SCHEMAS = 1_000;

  private final RedisConnector link;
  private final Map<Schema, RowEncoder> encoders = new ConcurrentHashMap<>();
  private final Map<Schema, RowEncoder> mapped;

  /** Where batches went, for as long as somebody can ask for it. */
  private final Map<Batch, Route> routes = Collections.synchronizedMap(new WeakHashMap<>());

  private final RedisValueCodec codec;
  private final Duration timeout;
  private final Duration outOfMemoryPause;
  private final boolean atomic;
  private final Mono<Void> close;

  private RedisBatchWriter(Builder builder, RedisConnector link) {
    this.link = link;
    this.codec = builder.codec;
    this.timeout = builder.timeout;
    this.outOfMemoryPause = builder.outOfMemoryPause;
    this.atomic = builder.atomic;
    builder.mappings.forEach(
        (schema, mapping) -> encoders.put(schema, new RowEncoder(schema, mapping, codec)));
    this.mapped = Map.copyOf(encoders);
    this.close = Mono.defer(link::close).timeout(builder.timeout).cache();
  }

  /**
   * Starts a writer to one server, or to the master that Sentinel names.
   *
   * @param uri such as {@code redis://user:password@host:6379/0}, {@code rediss://…} for TLS or
   *     {@code redis-sentinel://host1,host2/0#master}: see Lettuce's {@link RedisURI}
   * @throws InvalidConfigurationException if it is no such URI, which the message does not repeat
   */
  public static Builder builder(String uri) {
    RedisURI parsed = Clients.parse(uri);
    return new Builder(
        timeout -> new ServerLink(Clients.standalone(parsed, timeout), parsed, true), null);
  }

  /**
   * Starts a writer to a cluster.
   *
   * @param uris one node at least, from which the others are learnt
   * @throws InvalidConfigurationException if one is no URI
   */
  public static Builder clusterBuilder(String... uris) {
    List<RedisURI> parsed = List.of(uris).stream().map(Clients::parse).toList();
    return new Builder(timeout -> new ClusterLink(Clients.cluster(parsed, timeout), true), null);
  }

  /**
   * Starts a writer that opens a connection of its own through a client of the caller's, which
   * stays open. The client must never send a command twice: give it {@link #clientOptions()}.
   */
  public static Builder builder(RedisClient client, RedisURI uri) {
    return new Builder(timeout -> new ServerLink(client, uri, false), client.getOptions());
  }

  /** Starts a writer that opens connections of its own through a client to a cluster. */
  public static Builder builder(RedisClusterClient client) {
    return new Builder(timeout -> new ClusterLink(client, false), client.getOptions());
  }

  /**
   * Returns the options of the clients that this writer makes, for one of the caller's: no command
   * waits for a connection or is sent twice, and the queue is bounded.
   */
  public static ClientOptions.Builder clientOptions() {
    return Clients.serverOptions();
  }

  /** Returns the like for a client to a cluster, which also looks where its slots have gone. */
  public static ClusterClientOptions.Builder clusterClientOptions() {
    return Clients.clusterOptions();
  }

  @Override
  public Mono<BatchResult> write(Batch batch) {
    // Subscribed apart, so that no cancellation reaches commands in flight.
    return Mono.create(
        sink -> {
          Route route = new Route();
          routes.put(batch, route);
          sink.onCancel(route::withdraw);
          send(batch, route)
              .doOnNext(result -> forgetWritten(batch, result))
              .contextWrite(sink.contextView())
              .subscribe(sink::success, sink::error, sink::success);
        });
  }

  private Mono<BatchResult> send(Batch batch, Route route) {
    return Mono.defer(
        () -> {
          RowEncoder encoder = encoder(batch.schema());
          Pipeline pipeline = new Pipeline(batch, encoder.rule(), link, route);
          encoder.encode(batch, pipeline, link::slot);
          return pipeline
              .send(atomic)
              .then(Mono.defer(() -> pipeline.sendApart(encoder, atomic)))
              .timeout(timeout, Mono.fromRunnable(link::reset))
              .then(Mono.fromSupplier(pipeline::result))
              .flatMap(this::considered);
        });
  }

  /** A replica that was the master: ask again who is. A full server: do not hurry back. */
  private Mono<BatchResult> considered(BatchResult result) {
    boolean outOfMemory = false;
    boolean elsewhere = false;
    for (Throwable failure : result.rejected().values()) {
      String code = RedisErrors.codeOf(failure);
      outOfMemory |= code.equals(RedisErrors.OUT_OF_MEMORY);
      elsewhere |= code.equals(RedisErrors.READ_ONLY);
    }
    if (elsewhere) {
      link.reset();
    }
    Mono<BatchResult> signal = Mono.just(result);
    return outOfMemory ? signal.delayElement(outOfMemoryPause) : signal;
  }

  private RowEncoder encoder(Schema schema) {
    RowEncoder known = encoders.get(schema);
    if (known != null) {
      return known;
    }
    if (!schema.columns().containsAll(List.of(CustomCommands.Raw.NAME, CustomCommands.Raw.KEY))) {
      throw new RedisWriteException(
          FailureKind.UNUSABLE,
          schema,
          null,
          "there is no mapping for this Schema",
          "Give RedisBatchWriter one with map(...), or the Schema the columns cmd and key",
          null);
    }
    RowEncoder raw = new RowEncoder(schema, RedisMapping.raw(), codec);
    if (encoders.size() < MAX_SCHEMAS) {
      encoders.put(schema, raw);
    }
    return raw;
  }

  /** By the bytes of what is written to; for commands as they stand, by their values. */
  @Override
  public KeyEquality keyEquality(Schema schema) {
    RowEncoder known = mapped.get(schema);
    return known == null ? KeyEquality.byValue() : known.keys();
  }

  /** Withdraws a batch that still waits for its connection. */
  @Override
  public boolean withdraw(Batch batch) {
    Route route = routes.get(batch);
    return route != null && route.withdraw();
  }

  private void forgetWritten(Batch batch, BatchResult result) {
    if (result.rejected().isEmpty()) {
      routes.remove(batch);
    }
  }

  /**
   * Ends the connections that the batch was sent on in their servers, by {@code CLIENT KILL} on
   * another. False if the user may not do that.
   */
  @Override
  public Mono<Boolean> abandon(Batch batch) {
    Route route = routes.get(batch);
    return route == null ? Mono.just(true) : route.abandon();
  }

  @Override
  public boolean isRepeatable(Batch batch) {
    return encoder(batch.schema()).isRepeatable();
  }

  @Override
  public FailureClassifier failureClassifier() {
    return failure ->
        failure instanceof RedisWriteException own
            ? own.kind()
            : FailureClassifier.standard().classify(failure);
  }

  @Override
  public String system() {
    return "redis";
  }

  @Override
  public @Nullable String statusCode(Throwable failure) {
    String code = RedisErrors.codeOf(failure);
    return code.isEmpty() ? null : code;
  }

  /**
   * Closes the connections, and the client unless it was handed in; idempotent. Fails if that takes
   * longer than {@link Builder#timeout}.
   */
  @Override
  public Mono<Void> close() {
    return close;
  }

  /** Builds a {@link RedisBatchWriter}. Not safe for concurrent use. */
  public static final class Builder {

    private final Function<Duration, RedisConnector> link;
    private final @Nullable ClientOptions given;
    private final Map<Schema, RedisMapping> mappings = new HashMap<>();
    private RedisValueCodec codec = RedisValueCodec.standard();
    private Duration timeout = Duration.ofSeconds(10);
    private Duration outOfMemoryPause = Duration.ofSeconds(1);
    private boolean atomic;
    private boolean anyClientOptions;

    private Builder(Function<Duration, RedisConnector> link, @Nullable ClientOptions given) {
      this.link = link;
      this.given = given;
    }

    /**
     * Says which command the rows of a Schema become.
     *
     * @throws InvalidConfigurationException if the Schema lacks a column that the mapping names, or
     *     has a strategy that means nothing for the command
     */
    public Builder map(Schema schema, RedisMapping mapping) {
      mapping.bind(new SchemaBinding(schema, codec));
      mappings.put(schema, mapping);
      return this;
    }

    /** Sets how values become bytes. Defaults to {@link RedisValueCodec#standard()}. */
    public Builder codec(RedisValueCodec codec) {
      this.codec = Objects.requireNonNull(codec, "codec");
      return this;
    }

    /**
     * Sets how long a batch waits for its answers, the connection included; then the connection is
     * dropped, and what was sent is unknown. Defaults to 10 seconds.
     */
    public Builder timeout(Duration timeout) {
      this.timeout = positive("timeout", timeout);
      return this;
    }

    /**
     * Sets how much longer than for other failures a batch waits to be sent again after Redis is
     * out of memory. Defaults to 1 second.
     */
    public Builder outOfMemoryPause(Duration pause) {
      this.outOfMemoryPause = positive("outOfMemoryPause", pause);
      return this;
    }

    /**
     * Has each batch run as one transaction, between MULTI and EXEC: no other client's command runs
     * in between, and a server that goes down has run all or none. A command that fails does not
     * undo the others: Redis cannot. In a cluster all keys of a batch must share a slot. Defaults
     * to not.
     */
    public Builder atomic() {
      this.atomic = true;
      return this;
    }

    /**
     * Accepts a client whose options may send a command twice after a reconnect, or hold commands
     * without bound while there is no connection. Defaults to rejecting it.
     */
    public Builder anyClientOptions() {
      this.anyClientOptions = true;
      return this;
    }

    /**
     * Builds the writer. Nothing is connected before the first batch.
     *
     * @throws InvalidConfigurationException if the client that was handed in has options that are
     *     not accepted
     */
    public RedisBatchWriter build() {
      if (given != null && !anyClientOptions) {
        Clients.check(given);
      }
      return new RedisBatchWriter(this, link.apply(timeout));
    }

    private static Duration positive(String option, Duration time) {
      if (time.isZero() || time.isNegative()) {
        throw new InvalidConfigurationException(option, "is " + time, "Give a positive time");
      }
      return time;
    }
  }
}
