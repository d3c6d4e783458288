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

  /** Not changed any more. */
  private final Builder options;

  private BatchPolicy(Builder options) {
    this.options = options;
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
    return new Builder(options);
  }

  /** Returns the most rows in a batch. */
  public int maxSize() {
    return options.maxSize;
  }

  /** Returns the most bytes in a batch, by {@link Row#estimatedBytes()}. */
  public long maxBytes() {
    return options.maxBytes;
  }

  /** Returns the longest time that a row waits for others. */
  public Duration maxDelay() {
    return options.maxDelay;
  }

  /** Returns whether rows wait for others although no batch of their table is in flight. */
  public boolean lingerWhenIdle() {
    return options.lingerWhenIdle;
  }

  /** Returns the order that was set; null if it is the default of each schema. */
  public @Nullable Ordering ordering() {
    return options.ordering;
  }

  /** Returns the order in which the rows of a schema are written. */
  public Ordering ordering(Schema schema) {
    Ordering usual = schema.onConflict().isLastOneWinning() ? Ordering.PER_KEY : Ordering.NONE;
    return options.ordering == null ? usual : options.ordering;
  }

  /** Returns the most batches of one table that are written at the same time. */
  public int concurrency() {
    return options.concurrency;
  }

  /** Returns what a submission does when the flow is full. */
  public Overflow overflow() {
    return options.overflow;
  }

  /** Returns how long after its submission a row may still be sent; null for no limit. */
  public @Nullable Duration deliveryTimeout() {
    return options.deliveryTimeout;
  }

  /** Returns whether callers are told what their row did to the table. */
  public boolean rowVerdicts() {
    return options.rowVerdicts;
  }

  /** Returns the columns whose stored values callers are told; unmodifiable. */
  public List<String> returning() {
    return options.returning;
  }

  /** Returns the columns whose stored values callers are told for rows of a schema. */
  public List<String> returning(Schema schema) {
    return Stream.concat(options.returning.stream(), schema.returning().stream())
        .distinct()
        .toList();
  }

  /** Returns whether an ignored row has the values of the row with its key. */
  public boolean returningExisting() {
    return options.returningExisting;
  }

  /** Returns the most rows that wait while the table is paused. */
  public int maxPausedRows() {
    return options.maxPausedRows;
  }

  /** Returns the part of the flow's slots and rows that the table has at most; 1 for no cap. */
  public double share() {
    return options.share;
  }

  /** Returns how many of the flow's slots are kept free for the table. */
  public int reserved() {
    return options.reserved;
  }

  /**
   * Builds a {@link BatchPolicy}. Not safe for concurrent use. A value out of its bounds is refused
   * with {@link InvalidConfigurationException}.
   */
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
    private double share = 1;
    private int reserved;

    private Builder() {}

    private Builder(Builder other) {
      this.maxSize = other.maxSize;
      this.maxBytes = other.maxBytes;
      this.maxDelay = other.maxDelay;
      this.lingerWhenIdle = other.lingerWhenIdle;
      this.ordering = other.ordering;
      this.concurrency = other.concurrency;
      this.overflow = other.overflow;
      this.deliveryTimeout = other.deliveryTimeout;
      this.rowVerdicts = other.rowVerdicts;
      this.returning = other.returning;
      this.returningExisting = other.returningExisting;
      this.maxPausedRows = other.maxPausedRows;
      this.share = other.share;
      this.reserved = other.reserved;
    }

    /** Sets the most rows in a batch, at least 1. Defaults to 1,000. */
    public Builder maxSize(int maxSize) {
      this.maxSize = Checks.positive("maxSize", maxSize);
      return this;
    }

    /**
     * Sets the most bytes in a batch, at least 1, by {@link Row#estimatedBytes()}. A larger row
     * travels alone. Defaults to 4 MiB.
     */
    public Builder maxBytes(long maxBytes) {
      this.maxBytes = Checks.positive("maxBytes", maxBytes);
      return this;
    }

    /**
     * Sets the longest time that a row waits for others. A row leaves at once while no batch of its
     * table is in flight; otherwise when that batch returns, when a batch is full, or after this
     * time, at most a day. If rows keep coming and writes are short, batches leave about a
     * millisecond apart. Zero lets rows use every free slot at once. Defaults to 10 milliseconds.
     */
    public Builder maxDelay(Duration maxDelay) {
      this.maxDelay = Checks.notNegative("maxDelay", maxDelay);
      return this;
    }

    /**
     * Sets whether rows wait for others up to {@code maxDelay} although no batch of their table is
     * in flight. Defaults to false.
     */
    public Builder lingerWhenIdle(boolean lingerWhenIdle) {
      this.lingerWhenIdle = lingerWhenIdle;
      return this;
    }

    /**
     * Sets the order of writing. Defaults to {@link Ordering#PER_KEY} if the {@linkplain
     * ConflictStrategy#isLastOneWinning last one of a key wins}, else to {@link Ordering#NONE}.
     */
    public Builder ordering(Ordering ordering) {
      this.ordering = ordering;
      return this;
    }

    /**
     * Sets the most batches of one table that are written at the same time, from 1 to the flow's
     * own limit. Defaults to the flow's limit.
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
     * Longer than zero, at most a day. Defaults to no limit.
     */
    public Builder deliveryTimeout(Duration deliveryTimeout) {
      this.deliveryTimeout = Checks.positive("deliveryTimeout", deliveryTimeout);
      return this;
    }

    /**
     * Sets whether callers are told what their row did to the table, by {@link
     * WriteResult#verdict()}, where the backend can tell. It costs the backend a look for each row.
     * Defaults to false.
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
     * rows. All paused tables together hold at most {@link BatchFlow.Builder#maxPendingBytes}. From
     * 1 to 1,048,575. Defaults to 10,000.
     */
    public Builder maxPausedRows(int maxPausedRows) {
      this.maxPausedRows = Checks.atMost("maxPausedRows", maxPausedRows, (1 << 20) - 1);
      return this;
    }

    /**
     * Sets which part of the flow's slots and pending rows the table has at most, rounded down, but
     * at least one slot. Further rows wait outside of the flow's room, or fail, by {@link
     * #overflow}. Not for the default policy. Defaults to 1, no cap.
     */
    public Builder share(double share) {
      this.share = Checks.share("share", share);
      return this;
    }

    /**
     * Sets how many of the flow's slots other tables leave free for this one. All tables together
     * may reserve all slots but one. Not for the default policy. Defaults to 0.
     */
    public Builder reserved(int slots) {
      this.reserved = (int) Checks.between("reserved", slots, 0, Integer.MAX_VALUE);
      return this;
    }

    /** Builds the policy: maxDelay is shorter than deliveryTimeout, reserved within concurrency. */
    public BatchPolicy build() {
      if (deliveryTimeout != null) {
        Checks.shorter(maxDelay, deliveryTimeout);
      }
      Checks.notAbove("reserved", reserved, "concurrency", concurrency);
      return new BatchPolicy(new Builder(this));
    }
  }
}
