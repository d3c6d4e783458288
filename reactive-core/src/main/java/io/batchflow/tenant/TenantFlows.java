package io.batchflow.tenant;

import io.batchflow.BatchFlow;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.QueueFullException;
import io.batchflow.Row;
import io.batchflow.WriteResult;
import io.batchflow.guard.ContextName;
import io.batchflow.guard.RowSink;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A flow for each tenant, which writes to the schema or the database of the tenant. The tenant is
 * in the Reactor Context of the subscriber. Its flow is made with its first row and closed when the
 * tenant is idle, so tenants need not be known before.
 *
 * <p>Flows of tenants share no room and no slots, so a tenant that floods its own delays no other.
 *
 * <p>Thread-safe. Owns the flows: you must {@link #close()} it.
 */
public final class TenantFlows implements RowSink {

  /** What messages name instead of the table of several rows. */
  private static final String SEVERAL = "*";

  private final TenantMap flows;
  private final ContextName tenants;

  private TenantFlows(Builder builder) {
    this.flows =
        new TenantMap(
            builder.factory,
            builder.maxTenants,
            builder.idleTime,
            builder.scheduler == null ? Schedulers.parallel() : builder.scheduler);
    this.tenants = builder.tenants;
  }

  /**
   * Starts flows of tenants.
   *
   * @param factory returns a new flow for a tenant, or null if there is no such tenant. It is
   *     called where it may block. Flows with a {@link BatchFlow.Builder#scheduler} have no thread
   *     of their own
   */
  public static Builder builder(Function<String, @Nullable BatchFlow> factory) {
    return new Builder(Objects.requireNonNull(factory, "factory"));
  }

  /**
   * Submits a row to the flow of the tenant, like {@link BatchFlow#submit}. Fails with {@link
   * InvalidRowException} if there is no such tenant, and with {@link QueueFullException} if as many
   * others as there may be have rows without an outcome.
   */
  @Override
  public Mono<WriteResult> submit(Row row) {
    freeze(row);
    String table = row.schema().table();
    return toTenant(table, flow -> flow.submit(row)).singleOrEmpty();
  }

  /** Submits a unit to the flow of the tenant, like {@link BatchFlow#submitTogether}. */
  @Override
  public Mono<WriteResult> submitTogether(List<Row> rows) {
    rows.forEach(TenantFlows::freeze);
    List<Row> unit = List.copyOf(rows);
    return toTenant(SEVERAL, flow -> flow.submitTogether(unit)).singleOrEmpty();
  }

  /** Submits a stream of rows to the flow of the tenant, like {@link BatchFlow#submitAll}. */
  @Override
  public Flux<Outcome<Row>> submitAll(Publisher<? extends Row> rows) {
    return toTenant(SEVERAL, flow -> flow.submitAll(rows));
  }

  /** As a flow does at the call. An invalid row is turned away by the flow. */
  private static void freeze(Row row) {
    try {
      row.freeze();
    } catch (InvalidRowException invalid) {
      return;
    }
  }

  private <T> Flux<T> toTenant(String table, Function<BatchFlow, Publisher<T>> body) {
    return Flux.deferContextual(
        context ->
            tenants
                .in(context)
                .switchIfEmpty(Mono.error(() -> nobody(table)))
                .flatMapMany(tenant -> flows.use(tenant, table, body)));
  }

  private static InvalidRowException nobody(String table) {
    return new InvalidRowException(
        table,
        null,
        "its caller has no tenant",
        "Put the tenant into the Reactor Context of the subscriber");
  }

  /** Returns how many flows are open or being closed. */
  public int size() {
    return flows.size();
  }

  /**
   * Closes all flows, each like {@link BatchFlow#close()}. Later rows fail with {@link
   * io.batchflow.FlowClosedException}. Idempotent.
   */
  public Mono<Void> close() {
    return flows.close();
  }

  /** Builds {@link TenantFlows}. Not safe for concurrent use. */
  public static final class Builder {

    private static final int MOST = 100_000;
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Function<String, @Nullable BatchFlow> factory;
    private ContextName tenants = ContextName.of(ContextName.TENANT);
    private int maxTenants = 100;
    private Duration idleTime = Duration.ofMinutes(5);
    private @Nullable Scheduler scheduler;

    private Builder(Function<String, @Nullable BatchFlow> factory) {
      this.factory = factory;
    }

    /** Sets how the tenant is found. Defaults to the key {@link ContextName#TENANT}. */
    public Builder tenants(ContextName tenants) {
      this.tenants = Objects.requireNonNull(tenants, "tenants");
      return this;
    }

    /**
     * Sets the most flows that are open. Another tenant waits until the flow of the tenant that has
     * been idle for longest is closed. Defaults to 100.
     *
     * @throws InvalidConfigurationException unless from 1 to 100,000
     */
    public Builder maxTenants(int maxTenants) {
      if (maxTenants < 1 || maxTenants > MOST) {
        throw new InvalidConfigurationException(
            "maxTenants", "is " + maxTenants, "Give a number from 1 to " + MOST);
      }
      this.maxTenants = maxTenants;
      return this;
    }

    /**
     * Sets after which time without rows the flow of a tenant is closed, at the latest after one
     * and a half times of it. Defaults to 5 minutes.
     *
     * @throws InvalidConfigurationException unless it is positive and at most a day
     */
    public Builder idleTime(Duration idleTime) {
      if (idleTime.isNegative() || idleTime.isZero() || idleTime.compareTo(LONGEST) > 0) {
        throw new InvalidConfigurationException(
            "idleTime", "is " + idleTime, "Give a time longer than zero, at most " + LONGEST);
      }
      this.idleTime = idleTime;
      return this;
    }

    /**
     * Sets the scheduler that looks for idle tenants, and its clock. Defaults to {@code
     * Schedulers.parallel()}, or to the scheduler of virtual time.
     */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
      return this;
    }

    /** Builds it, without any flow. */
    public TenantFlows build() {
      return new TenantFlows(this);
    }
  }
}
