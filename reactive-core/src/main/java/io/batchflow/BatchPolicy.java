package io.batchflow;

import io.batchflow.internal.check.Checks;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a table become batches. A flow has a default policy and, where wanted, one for a
 * single {@link Schema}. Immutable and safe for any thread.
 */
public final class BatchPolicy {

  private static final BatchPolicy DEFAULTS = builder().build();

  private final int maxSize;
  private final long maxBytes;
  private final Duration maxDelay;
  private final boolean lingerWhenIdle;
  private final @Nullable Ordering ordering;
  private final int concurrency;
  private final Overflow overflow;
  private final @Nullable Duration deliveryTimeout;
  private final boolean rowVerdicts;
  private final List<String> returning;
  private final boolean returningExisting;
  private final int maxPausedRows;

  private BatchPolicy(Builder builder) {
    this.maxSize = builder.maxSize;
    this.maxBytes = builder.maxBytes;
    this.maxDelay = builder.maxDelay;
    this.lingerWhenIdle = builder.lingerWhenIdle;
    this.ordering = builder.ordering;
    this.concurrency = builder.concurrency;
    this.overflow = builder.overflow;
    this.deliveryTimeout = builder.deliveryTimeout;
    this.rowVerdicts = builder.rowVerdicts;
    this.returning = builder.returning;
    this.returningExisting = builder.returningExisting;
    this.maxPausedRows = builder.maxPausedRows;
  }

  /** Returns the policy with every option at its default. */
  public static BatchPolicy defaults() {
    return DEFAULTS;
  }

  /** Starts a policy with every option at its default. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts a policy with every option as here. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.maxSize = maxSize;
    builder.maxBytes = maxBytes;
    builder.maxDelay = maxDelay;
    builder.lingerWhenIdle = lingerWhenIdle;
    builder.ordering = ordering;
    builder.concurrency = concurrency;
    builder.overflow = overflow;
    builder.deliveryTimeout = deliveryTimeout;
    builder.rowVerdicts = rowVerdicts;
    builder.returning = returning;
    builder.returningExisting = returningExisting;
    builder.maxPausedRows = maxPausedRows;
    return builder;
  }

  /** Returns the most rows in a batch. */
  public int maxSize() {
    return maxSize;
  }

  /** Returns the most bytes in a batch, by {@link Row#estimatedBytes()}. */
  public long maxBytes() {
    return maxBytes;
  }

  /** Returns the longest time that a row waits for others. */
  public Duration maxDelay() {
    return maxDelay;
  }

  /** Returns whether rows wait for others although no batch of their table is in flight. */
  public boolean lingerWhenIdle() {
    return lingerWhenIdle;
  }

  /** Returns the order that was set; null if it is the default of each schema. */
  public @Nullable Ordering ordering() {
    return ordering;
  }

  /** Returns the order in which the rows of a schema are written. */
  public Ordering ordering(Schema schema) {
    if (ordering != null) {
      return ordering;
    }
    return schema.onConflict().isLastOneWinning() ? Ordering.PER_KEY : Ordering.NONE;
  }

  /** Returns the most batches of one table that are written at the same time. */
  public int concurrency() {
    return concurrency;
  }

  /** Returns what a submission does when the flow is full. */
  public Overflow overflow() {
    return overflow;
  }

  /** Returns how long after its submission a row may still be sent; null for no limit. */
  public @Nullable Duration deliveryTimeout() {
    return deliveryTimeout;
  }

  /** Returns whether callers are told what their row did to the table. */
  public boolean rowVerdicts() {
    return rowVerdicts;
  }

  /** Returns the columns whose stored values callers are told; unmodifiable. */
  public List<String> returning() {
    return returning;
  }

  /** Returns the columns whose stored values callers are told for rows of a schema. */
  public List<String> returning(Schema schema) {
    return Stream.concat(returning.stream(), schema.returning().stream()).distinct().toList();
  }

  /** Returns whether an ignored row has the values of the row with its key. */
  public boolean returningExisting() {
    return returningExisting;
  }

  /** Returns the most rows that wait while the table is paused. */
  public int maxPausedRows() {
    return maxPausedRows;
  }

  /** Builds a {@link BatchPolicy}. Not safe for concurrent use. */
  public static final class Builder {

    private int maxSize = 1_000;
    private long maxBytes = 4L << 20;
    private Duration maxDelay = Duration.ofMillis(10);
    private boolean lingerWhenIdle;
    private @Nullable Ordering ordering;
    private int concurrency = Integer.MAX_VALUE;
    private Overflow overflow = Overflow.WAIT;
    private @Nullable Duration deliveryTimeout;
    private boolean rowVerdicts;
    private List<String> returning = List.of();
    private boolean returningExisting;
    private int maxPausedRows = 10_000;

    private Builder() {}

    /**
     * Sets the most rows in a batch. Defaults to 1,000.
     *
     * @throws InvalidConfigurationException unless positive
     */
    public Builder maxSize(int maxSize) {
      this.maxSize = Checks.positive("maxSize", maxSize);
      return this;
    }

    /**
     * Sets the most bytes in a batch, by {@link Row#estimatedBytes()}. A larger row travels alone.
     * Defaults to 4 MiB.
     *
     * @throws InvalidConfigurationException unless positive
     */
    public Builder maxBytes(long maxBytes) {
      this.maxBytes = Checks.positive("maxBytes", maxBytes);
      return this;
    }

    /**
     * Sets the longest time that a row waits for others. A row leaves at once while no batch of its
     * table is in flight; otherwise when that batch returns, when a batch is full, or after this
     * time. If rows keep coming and writes are short, batches leave about a millisecond apart. Zero
     * lets rows use every free slot at once, in smaller batches. Defaults to 10 milliseconds.
     *
     * @throws InvalidConfigurationException if negative or over a day
     */
    public Builder maxDelay(Duration maxDelay) {
      this.maxDelay = Checks.notNegative("maxDelay", maxDelay);
      return this;
    }

    /**
     * Sets whether rows wait for others up to {@code maxDelay} although no batch of their table is
     * in flight: for expensive writes whose outcome nobody waits for. Defaults to false.
     */
    public Builder lingerWhenIdle(boolean lingerWhenIdle) {
      this.lingerWhenIdle = lingerWhenIdle;
      return this;
    }

    /**
     * Sets the order of writing. Defaults to {@link Ordering#PER_KEY} for {@link
     * ConflictStrategy#UPDATE} and {@link ConflictStrategy#REPLACE}, so that the last submission of
     * a key wins, and to {@link Ordering#NONE} for the others.
     */
    public Builder ordering(Ordering ordering) {
      this.ordering = ordering;
      return this;
    }

    /**
     * Sets the most batches of one table that are written at the same time, within the flow's own
     * limit. Defaults to the flow's limit.
     *
     * @throws InvalidConfigurationException unless positive
     */
    public Builder concurrency(int concurrency) {
      this.concurrency = Checks.positive("concurrency", concurrency);
      return this;
    }

    /** Sets what a submission does when the flow is full. Defaults to {@link Overflow#WAIT}. */
    public Builder overflow(Overflow overflow) {
      this.overflow = overflow;
      return this;
    }

    /**
     * Sets how long after its submission a row may still be sent, first try or retry; later it
     * fails with {@link RowExpiredException}. A row in flight at that time still gets its outcome.
     * Defaults to no limit.
     *
     * @throws InvalidConfigurationException unless positive and at most a day
     */
    public Builder deliveryTimeout(Duration deliveryTimeout) {
      this.deliveryTimeout = Checks.positive("deliveryTimeout", deliveryTimeout);
      return this;
    }

    /**
     * Sets whether callers are told what their row did to the table, by {@link
     * WriteResult#verdict()}, where the backend can tell: a service can then answer "created",
     * "updated" or "exists already". It costs the backend a look for each row. Defaults to false.
     */
    public Builder rowVerdicts(boolean rowVerdicts) {
      this.rowVerdicts = rowVerdicts;
      return this;
    }

    /**
     * Sets the columns whose stored values callers are told, by {@link WriteResult#value}, such as
     * an identity, a default or a generated column. They are null for a row that was ignored. Rows
     * then have no {@link #rowVerdicts}. The writer must be {@linkplain BatchWriter#returnsValues
     * able} to return values. Defaults to none.
     */
    public Builder returning(String... columns) {
      this.returning = List.of(columns);
      this.returningExisting = false;
      return this;
    }

    /** Like {@link #returning}, but an ignored row has the values of the row with its key. */
    public Builder returningExisting(String... columns) {
      returning(columns);
      this.returningExisting = true;
      return this;
    }

    /**
     * Sets the most rows that wait while the table is {@linkplain
     * io.batchflow.control.TableControl#pause paused}; {@link #overflow} decides about further
     * rows. All paused tables together hold at most {@link BatchFlow.Builder#maxPendingBytes}.
     * Defaults to 10,000.
     *
     * @throws InvalidConfigurationException unless from 1 to 1,048,575
     */
    public Builder maxPausedRows(int maxPausedRows) {
      this.maxPausedRows = Checks.atMost("maxPausedRows", maxPausedRows, (1 << 20) - 1);
      return this;
    }

    /**
     * Builds the policy.
     *
     * @throws InvalidConfigurationException if maxDelay is not shorter than deliveryTimeout
     */
    public BatchPolicy build() {
      if (deliveryTimeout != null) {
        Checks.shorter(maxDelay, deliveryTimeout);
      }
      return new BatchPolicy(this);
    }
  }
}
