package io.batchflow.catalog;

import io.batchflow.BatchPolicy;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Overflow;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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

  private static final String PROPERTY = "properties.";
  private static final TableSettings NONE = builder().build();

  private final SortedMap<Setting<?>, Object> values;
  private final SortedMap<String, String> properties;

  private TableSettings(Builder builder) {
    this.values = new TreeMap<>(builder.values);
    this.properties = new TreeMap<>(builder.properties);
  }

  /** Returns settings of which none is set. */
  public static TableSettings none() {
    return NONE;
  }

  /** Starts settings of which none is set. */
  public static Builder builder() {
    return new Builder();
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
    texts.forEach(
        (key, text) -> {
          if (key.startsWith(PROPERTY)) {
            builder.property(key.substring(PROPERTY.length()), text);
          } else {
            builder.parse(Setting.of(key), text);
          }
        });
    return builder.build();
  }

  /** Returns those that are set, by their keys, as {@link #of(Map)} reads them. */
  public Map<String, String> asMap() {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach((setting, value) -> texts.put(setting.key, SettingType.print(value)));
    properties.forEach((name, value) -> texts.put(PROPERTY + name, value));
    return texts;
  }

  /** Starts settings as here. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.values.putAll(values);
    builder.properties.putAll(properties);
    return builder;
  }

  /**
   * Returns these settings, with those of the defaults that are unset here. Properties are unset
   * one by one.
   *
   * @throws InvalidConfigurationException if they contradict each other
   */
  public TableSettings withDefaults(TableSettings defaults) {
    Builder builder = defaults.toBuilder();
    builder.values.putAll(values);
    builder.properties.putAll(properties);
    return builder.build();
  }

  /**
   * Returns a policy with the settings that are set here.
   *
   * @throws InvalidConfigurationException if they contradict the rest of the policy
   */
  public BatchPolicy applyTo(BatchPolicy policy) {
    BatchPolicy.Builder builder = policy.toBuilder();
    values.forEach((setting, value) -> setting.applyTo(builder, value));
    return builder.build();
  }

  /** Returns whether a policy is the same by these settings and by others. */
  boolean isSamePolicy(TableSettings other) {
    return ofPolicy().equals(other.ofPolicy());
  }

  private Map<Setting<?>, Object> ofPolicy() {
    Map<Setting<?>, Object> some = new TreeMap<>(values);
    some.keySet().removeIf(setting -> !setting.isOfPolicy());
    return some;
  }

  private <T> @Nullable T valueOf(Setting<T> setting) {
    Object value = values.get(setting);
    return value == null ? null : setting.type.cast(value);
  }

  /** Returns the most rows in a batch; null if unset. */
  public @Nullable Integer bufferSize() {
    return valueOf(Setting.BUFFER_SIZE);
  }

  /** Returns the longest time that a row waits for others; null if unset. */
  public @Nullable Duration flushInterval() {
    return valueOf(Setting.FLUSH_INTERVAL);
  }

  /** Returns the most bytes in a batch; null if unset. */
  public @Nullable Long maxBytes() {
    return valueOf(Setting.MAX_BYTES);
  }

  /** Returns whether rows wait for others although nothing is in flight; null if unset. */
  public @Nullable Boolean lingerWhenIdle() {
    return valueOf(Setting.LINGER_WHEN_IDLE);
  }

  /** Returns the most batches that are written at the same time; null if unset. */
  public @Nullable Integer concurrency() {
    return valueOf(Setting.CONCURRENCY);
  }

  /** Returns what a submission does when there is no room; null if unset. */
  public @Nullable Overflow overflow() {
    return valueOf(Setting.OVERFLOW);
  }

  /** Returns how long after its submission a row may still be sent; null if unset. */
  public @Nullable Duration deliveryTimeout() {
    return valueOf(Setting.DELIVERY_TIMEOUT);
  }

  /** Returns the most rows that are held while the table is paused; null if unset. */
  public @Nullable Integer maxPausedRows() {
    return valueOf(Setting.MAX_PAUSED_ROWS);
  }

  /** Returns how many days rows are kept, 0 if forever; null if unset. */
  public @Nullable Integer retentionDays() {
    return valueOf(Setting.RETENTION_DAYS);
  }

  /** Returns whether the table is part of backups; null if unset. */
  public @Nullable Boolean backupEnabled() {
    return valueOf(Setting.BACKUP_ENABLED);
  }

  /** Returns free texts by their names, such as owner and description; unmodifiable. */
  public Map<String, String> properties() {
    return Map.copyOf(properties);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TableSettings that
        && values.equals(that.values)
        && properties.equals(that.properties);
  }

  @Override
  public int hashCode() {
    return 31 * values.hashCode() + properties.hashCode();
  }

  /** Returns the settings, but of properties only the names. */
  @Override
  public String toString() {
    return "TableSettings" + values + properties.keySet();
  }

  /** Builds {@link TableSettings}. Not safe for concurrent use. Null unsets a setting. */
  public static final class Builder {

    private final SortedMap<Setting<?>, Object> values = new TreeMap<>();
    private final SortedMap<String, String> properties = new TreeMap<>();

    private Builder() {}

    private <T> Builder set(Setting<T> setting, @Nullable T value) {
      if (value == null) {
        values.remove(setting);
      } else {
        values.put(setting, setting.type.checked(setting.key, value));
      }
      return this;
    }

    private <T> void parse(Setting<T> setting, String text) {
      set(setting, setting.type.parse(setting.key, text));
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
      if (value == null) {
        properties.remove(name);
      } else {
        SettingRules.check(name, value);
        properties.put(name, value);
      }
      return this;
    }

    /**
     * Builds the settings.
     *
     * @throws InvalidConfigurationException if flushInterval is not shorter than deliveryTimeout,
     *     or there are too many properties
     */
    public TableSettings build() {
      return SettingRules.checked(new TableSettings(this));
    }
  }
}
