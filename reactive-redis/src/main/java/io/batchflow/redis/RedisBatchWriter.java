package io.batchflow.redis;

import io.batchflow.BackendError;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.KeyEquality;
import io.batchflow.Schema;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Writes batches to Redis. Each row is one command, and the answer to the command is the outcome of
 * the row. The commands of a batch are one pipeline on a connection that the writer opens. Works
 * with standalone servers, Sentinel and Cluster.
 *
 * <p>A batch is not atomic unless {@link Builder#atomic} is set: some rows may be rejected and the
 * others written. A command that was sent and not answered has an unknown outcome. It is sent again
 * only if repeating it does no harm.
 *
 * <p>Safe for any thread.
 */
public final class RedisBatchWriter implements BatchWriter {

  private final RowEncoders encoders;
  private final BatchWrites writes;
  private final Mono<Void> close;

  private RedisBatchWriter(Builder builder, RedisConnector connector) {
    this.encoders = new RowEncoders(builder.mappings, builder.codec);
    this.writes =
        new BatchWrites(
            connector, encoders, builder.timeout, builder.outOfMemoryPause, builder.atomic);
    this.close = Mono.defer(connector::close).timeout(builder.timeout).cache();
  }

  /**
   * Starts a writer to one server, or to the master that Sentinel names.
   *
   * @param uri a URI such as {@code redis://user:password@host:6379/0}, {@code rediss://…} for TLS
   *     or {@code redis-sentinel://host1,host2/0#master}, as described at {@link RedisURI}
   * @throws InvalidConfigurationException if it is not a URI of Redis. The message does not repeat
   *     it, as it may hold a password
   */
  public static Builder builder(String uri) {
    RedisURI parsed = Clients.parse(uri);
    return new Builder(
        timeout -> new ServerLink(Clients.standalone(parsed, timeout), parsed, true), null);
  }

  /**
   * Starts a writer to a cluster.
   *
   * @param uris at least one node, from which the client learns the others
   * @throws InvalidConfigurationException if one is not a URI of Redis
   */
  public static Builder clusterBuilder(String... uris) {
    List<RedisURI> parsed = List.of(uris).stream().map(Clients::parse).toList();
    return new Builder(timeout -> new ClusterLink(Clients.cluster(parsed, timeout), true), null);
  }

  /**
   * Starts a writer that opens its own connection with your client. The client stays open when the
   * writer is closed. It must never send a command twice: give it {@link #clientOptions()}.
   */
  public static Builder builder(RedisClient client, RedisURI uri) {
    return new Builder(timeout -> new ServerLink(client, uri, false), client.getOptions());
  }

  /** Starts a writer that opens its own connections with your client to a cluster. */
  public static Builder builder(RedisClusterClient client) {
    return new Builder(timeout -> new ClusterLink(client, false), client.getOptions());
  }

  /**
   * Returns the options that this writer gives to its own clients, for a client of yours. No
   * command waits for a connection or is sent twice, and the queue is bounded.
   */
  public static ClientOptions.Builder clientOptions() {
    return Clients.serverOptions();
  }

  /** Returns these options for a client to a cluster. It also refreshes the cluster's topology. */
  public static ClusterClientOptions.Builder clusterClientOptions() {
    return Clients.clusterOptions();
  }

  @Override
  public Mono<BatchResult> write(Batch batch) {
    return writes.write(batch);
  }

  @Override
  public KeyEquality keyEquality(Schema schema) {
    return encoders.keyEquality(schema);
  }

  @Override
  public boolean supportsDeletes(Schema schema) {
    return encoders.supportsDeletes(schema);
  }

  @Override
  public boolean supportsUpdateOnly(Schema schema) {
    return encoders.supportsUpdateOnly(schema);
  }

  @Override
  public boolean withdraw(Batch batch) {
    Route route = writes.route(batch);
    return route != null && route.withdraw();
  }

  /**
   * Ends the connections that the batch was sent on, by {@code CLIENT KILL} on another connection.
   * Completes with false if the user may not do that.
   */
  @Override
  public Mono<Boolean> abandon(Batch batch) {
    Route route = writes.route(batch);
    return route == null ? Mono.just(true) : route.abandon();
  }

  @Override
  public boolean isRepeatable(Batch batch) {
    return encoders.of(batch.schema()).isRepeatable();
  }

  /** Returns false: a reply has no values of a row. */
  @Override
  public boolean returnsValues() {
    return false;
  }

  @Override
  public FailureClassifier failureClassifier() {
    return RedisErrors::classify;
  }

  @Override
  public String system() {
    return "redis";
  }

  @Override
  public @Nullable BackendError backendError(Throwable failure) {
    return RedisErrors.backendError(failure);
  }

  @Override
  public @Nullable String statusCode(Throwable failure) {
    String code = RedisErrors.codeOf(failure);
    return code.isEmpty() ? null : code;
  }

  /**
   * Closes the connections, and the client unless it is yours. Idempotent. Fails if that takes
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
     * Maps the rows of a Schema to a command.
     *
     * @throws InvalidConfigurationException if the Schema lacks a column that the mapping names, or
     *     has a strategy that the command does not support
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
     * Sets how long a batch waits for its connection and its answers. After that the connection is
     * dropped, and the rows that were sent are unknown. Defaults to 10 seconds.
     */
    public Builder timeout(Duration timeout) {
      this.timeout = positive("timeout", timeout);
      return this;
    }

    /**
     * Sets the additional time before a batch is retried if Redis is out of memory. Defaults to 1
     * second.
     */
    public Builder outOfMemoryPause(Duration pause) {
      this.outOfMemoryPause = positive("outOfMemoryPause", pause);
      return this;
    }

    /**
     * Runs each batch as one transaction, between MULTI and EXEC. No other client's command runs in
     * between, and a server that goes down has run all commands or none. If a command fails, Redis
     * does not undo the others. In a cluster, all keys of a batch must share a slot. By default,
     * batches are not atomic.
     */
    public Builder atomic() {
      this.atomic = true;
      return this;
    }

    /**
     * Accepts a client whose options may send a command twice after a reconnect, or hold an
     * unbounded number of commands while there is no connection. By default, such a client is
     * rejected.
     */
    public Builder anyClientOptions() {
      this.anyClientOptions = true;
      return this;
    }

    /**
     * Builds the writer. Nothing is connected before the first batch.
     *
     * @throws InvalidConfigurationException if the options of your client are not accepted
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
