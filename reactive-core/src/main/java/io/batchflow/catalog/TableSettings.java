package io.batchflow.catalog;

import io.batchflow.BatchPolicy;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Overflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a table. Each may be unset, which differs from zero and from false: an unset
 * setting has the value of the defaults of the catalog, and then that of the policy of the flow.
 * {@link BatchPolicy#ordering()}, {@link BatchPolicy#rowVerdicts()} and {@link
 * BatchPolicy#returning()} are no settings, as the code of the callers relies on them.
 *
 * <p>Immutable and thread-safe.
 */
public final class TableSettings {

  private static final TableSettings NONE = builder().build();

  /** Not changed any more. */
  private final SettingValues values;

  private TableSettings(SettingValues values) {
    this.values = values;
  }

  /** Returns settings of which none is set. */
  public static TableSettings none() {
    return NONE;
  }

  /** Starts settings of which none is set. */
  public static Builder builder() {
    return new Builder(new SettingValues());
  }

  /** Describes all settings, in the order of the docs. Properties are not among them. */
  public static List<SettingInfo> known() {
    return Setting.all();
  }

  /**
   * Returns settings by their keys, such as {@code buffer_size} and {@code properties.owner}. A
   * time is {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code 1d}, or as {@link
   * Duration#parse} reads it.
   *
   * @throws InvalidConfigurationException if a key is unknown, or a value invalid
   */
  public static TableSettings of(Map<String, String> texts) {
    Builder builder = builder();
    texts.forEach(builder.values::parse);
    return builder.build();
  }

  /** Returns those that are set, by their keys, as {@link #of(Map)} reads them. */
  public Map<String, String> asMap() {
    return values.asTexts();
  }

  /** Starts settings as here. */
  public Builder toBuilder() {
    return new Builder(values.with(null));
  }

  /**
   * Returns these settings, with those of the defaults that are unset here. Properties are unset
   * one by one.
   *
   * @throws InvalidConfigurationException if they contradict each other
   */
  public TableSettings withDefaults(TableSettings defaults) {
    return new Builder(defaults.values.with(values)).build();
  }

  /**
   * Returns a policy with the settings that are set here.
   *
   * @throws InvalidConfigurationException if they contradict the rest of the policy
   */
  public BatchPolicy applyTo(BatchPolicy policy) {
    BatchPolicy.Builder builder = policy.toBuilder();
    values.applyTo(builder);
    return builder.build();
  }

  /** Returns whether a policy is the same by these settings and by others. */
  boolean isSamePolicy(TableSettings other) {
    return values.isSamePolicy(other.values);
  }

  /** Returns the most rows in a batch; null if unset. */
  public @Nullable Integer bufferSize() {
    return values.get(Setting.BUFFER_SIZE);
  }

  /** Returns the longest time that a row waits for others; null if unset. */
  public @Nullable Duration flushInterval() {
    return values.get(Setting.FLUSH_INTERVAL);
  }

  /** Returns the most bytes in a batch; null if unset. */
  public @Nullable Long maxBytes() {
    return values.get(Setting.MAX_BYTES);
  }

  /** Returns whether rows wait for others although nothing is in flight; null if unset. */
  public @Nullable Boolean lingerWhenIdle() {
    return values.get(Setting.LINGER_WHEN_IDLE);
  }

  /** Returns the most batches that are written at the same time; null if unset. */
  public @Nullable Integer concurrency() {
    return values.get(Setting.CONCURRENCY);
  }

  /** Returns what a submission does when there is no room; null if unset. */
  public @Nullable Overflow overflow() {
    return values.get(Setting.OVERFLOW);
  }

  /** Returns how long after its submission a row may still be sent; null if unset. */
  public @Nullable Duration deliveryTimeout() {
    return values.get(Setting.DELIVERY_TIMEOUT);
  }

  /** Returns the most rows that are held while the table is paused; null if unset. */
  public @Nullable Integer maxPausedRows() {
    return values.get(Setting.MAX_PAUSED_ROWS);
  }

  /** Returns the part of the flow's slots and pending rows that it has at most; null if unset. */
  public @Nullable Double share() {
    return values.get(Setting.SHARE);
  }

  /** Returns how many slots of the flow are kept free for it; null if unset. */
  public @Nullable Integer reserved() {
    return values.get(Setting.RESERVED);
  }

  /** Returns how many days rows are kept, 0 if forever; null if unset. */
  public @Nullable Integer retentionDays() {
    return values.get(Setting.RETENTION_DAYS);
  }

  /** Returns whether the table is part of backups; null if unset. */
  public @Nullable Boolean backupEnabled() {
    return values.get(Setting.BACKUP_ENABLED);
  }

  /** Returns free texts by their names, such as owner and description; unmodifiable. */
  public Map<String, String> properties() {
    return Map.copyOf(values.properties());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TableSettings that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** Returns the settings, but of properties only the names. */
  @Override
  public String toString() {
    return "TableSettings" + values;
  }

  /** Builds {@link TableSettings}. Not safe for concurrent use. Null unsets a setting. */
  public static final class Builder {

    private final SettingValues values;

    private Builder(SettingValues values) {
      this.values = values;
    }

    private <T> Builder set(Setting<T> setting, @Nullable T value) {
      values.set(setting, value);
      return this;
    }

    /** Sets the most rows in a batch, at least 1: {@link BatchPolicy#maxSize()}. */
    public Builder bufferSize(@Nullable Integer rows) {
      return set(Setting.BUFFER_SIZE, rows);
    }

    /** Sets the longest time that a row waits, up to a day: {@link BatchPolicy#maxDelay()}. */
    public Builder flushInterval(@Nullable Duration time) {
      return set(Setting.FLUSH_INTERVAL, time);
    }

    /** Sets the most bytes in a batch, at least 1: {@link BatchPolicy#maxBytes()}. */
    public Builder maxBytes(@Nullable Long bytes) {
      return set(Setting.MAX_BYTES, bytes);
    }

    /** Sets {@link BatchPolicy#lingerWhenIdle()}. */
    public Builder lingerWhenIdle(@Nullable Boolean lingers) {
      return set(Setting.LINGER_WHEN_IDLE, lingers);
    }

    /** Sets the most batches at the same time, at least 1: {@link BatchPolicy#concurrency()}. */
    public Builder concurrency(@Nullable Integer batches) {
      return set(Setting.CONCURRENCY, batches);
    }

    /** Sets {@link BatchPolicy#overflow()}. */
    public Builder overflow(@Nullable Overflow overflow) {
      return set(Setting.OVERFLOW, overflow);
    }

    /** Sets {@link BatchPolicy#deliveryTimeout()}, longer than zero and up to a day. */
    public Builder deliveryTimeout(@Nullable Duration time) {
      return set(Setting.DELIVERY_TIMEOUT, time);
    }

    /** Sets {@link BatchPolicy#maxPausedRows()}, from 1 to 1,048,575. */
    public Builder maxPausedRows(@Nullable Integer rows) {
      return set(Setting.MAX_PAUSED_ROWS, rows);
    }

    /** Sets {@link BatchPolicy#share()}, above 0 and up to 1. */
    public Builder share(@Nullable Double share) {
      return set(Setting.SHARE, share);
    }

    /** Sets {@link BatchPolicy#reserved()}, at least 0. */
    public Builder reserved(@Nullable Integer slots) {
      return set(Setting.RESERVED, slots);
    }

    /** Sets how many days rows are kept, up to 36,500; 0 keeps them forever. */
    public Builder retentionDays(@Nullable Integer days) {
      return set(Setting.RETENTION_DAYS, days);
    }

    /** Sets whether the table is part of backups. */
    public Builder backupEnabled(@Nullable Boolean enabled) {
      return set(Setting.BACKUP_ENABLED, enabled);
    }

    /**
     * Sets a property, at most 32 of them.
     *
     * @param name 1 to 64 letters, digits, dots, hyphens and underscores
     * @param value at most 1,000 characters, without control characters except line feed and tab;
     *     null unsets it
     * @throws InvalidConfigurationException if one of them is not so
     */
    public Builder property(String name, @Nullable String value) {
      values.property(name, value);
      return this;
    }

    /**
     * Builds the settings.
     *
     * @throws InvalidConfigurationException if flushInterval is not shorter than deliveryTimeout,
     *     or there are too many properties
     */
    public TableSettings build() {
      return SettingRules.checked(new TableSettings(values.with(null)));
    }
  }
}
