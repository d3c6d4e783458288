package io.batchflow.catalog;

import io.batchflow.BatchPolicy;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Overflow;
import io.batchflow.spi.Spelling;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A setting of a table: its key, its type, and what it does to a policy. */
final class Setting<T> implements Comparable<Setting<?>> {

  static final Setting<Integer> BUFFER_SIZE =
      of(
          "buffer_size",
          "The most rows in a batch.",
          SettingType.number(1, Integer.MAX_VALUE),
          BatchPolicy.Builder::maxSize);
  static final Setting<Duration> FLUSH_INTERVAL =
      of(
          "flush_interval",
          "The longest time that a row waits for others.",
          SettingType.time(true),
          BatchPolicy.Builder::maxDelay);
  static final Setting<Long> MAX_BYTES =
      of(
          "max_bytes",
          "The most bytes in a batch.",
          SettingType.positiveLong(),
          BatchPolicy.Builder::maxBytes);
  static final Setting<Boolean> LINGER_WHEN_IDLE =
      of(
          "linger_when_idle",
          "Whether rows wait for others although nothing is in flight.",
          SettingType.flag(),
          BatchPolicy.Builder::lingerWhenIdle);
  static final Setting<Integer> CONCURRENCY =
      of(
          "concurrency",
          "The most batches that are written at the same time.",
          SettingType.number(1, Integer.MAX_VALUE),
          BatchPolicy.Builder::concurrency);
  static final Setting<Overflow> OVERFLOW =
      of(
          "overflow",
          "What a submission does when there is no room.",
          SettingType.choice(Overflow.class),
          BatchPolicy.Builder::overflow);
  static final Setting<Duration> DELIVERY_TIMEOUT =
      of(
          "delivery_timeout",
          "How long after its submission a row may still be sent.",
          SettingType.time(false),
          BatchPolicy.Builder::deliveryTimeout);
  static final Setting<Integer> MAX_PAUSED_ROWS =
      of(
          "max_paused_rows",
          "The most rows that are held while the table is paused.",
          SettingType.number(1, (1 << 20) - 1),
          BatchPolicy.Builder::maxPausedRows);
  static final Setting<Double> SHARE =
      of(
          "share",
          "The part of the flow's slots and pending rows that the table has at most.",
          SettingType.share(),
          BatchPolicy.Builder::share);
  static final Setting<Integer> RESERVED =
      of(
          "reserved",
          "How many slots of the flow are kept free for the table.",
          SettingType.number(0, Integer.MAX_VALUE),
          BatchPolicy.Builder::reserved);
  static final Setting<Integer> RETENTION_DAYS =
      of(
          "retention_days",
          "How many days rows are kept; 0 keeps them forever.",
          SettingType.number(0, 36_500),
          null);
  static final Setting<Boolean> BACKUP_ENABLED =
      of("backup_enabled", "Whether the table is part of backups.", SettingType.flag(), null);

  private static final List<Setting<?>> ALL =
      List.of(
          BUFFER_SIZE,
          FLUSH_INTERVAL,
          MAX_BYTES,
          LINGER_WHEN_IDLE,
          CONCURRENCY,
          OVERFLOW,
          DELIVERY_TIMEOUT,
          MAX_PAUSED_ROWS,
          SHARE,
          RESERVED,
          RETENTION_DAYS,
          BACKUP_ENABLED);

  final String key;
  final SettingType<T> type;
  private final String description;
  private final @Nullable BiConsumer<BatchPolicy.Builder, T> effect;

  private Setting(
      String key,
      String description,
      SettingType<T> type,
      @Nullable BiConsumer<BatchPolicy.Builder, T> effect) {
    this.key = key;
    this.description = description;
    this.type = type;
    this.effect = effect;
  }

  private static <T> Setting<T> of(
      String key,
      String description,
      SettingType<T> type,
      @Nullable BiConsumer<BatchPolicy.Builder, T> effect) {
    return new Setting<>(key, description, type, effect);
  }

  /** Describes all settings, in their order. */
  static List<SettingInfo> all() {
    return ALL.stream().map(Setting::info).toList();
  }

  private SettingInfo info() {
    return type.info(key, description);
  }

  /** Describes the setting whose key is the most similar. */
  static SettingInfo nearest(String key) {
    return Collections.min(ALL, Comparator.comparing(each -> Spelling.distance(key, each.key)))
        .info();
  }

  /**
   * Returns the setting of a key.
   *
   * @throws InvalidConfigurationException if there is none
   */
  static Setting<?> of(String key) {
    return ALL.stream()
        .filter(setting -> setting.key.equals(key))
        .findFirst()
        .orElseThrow(() -> unknown(key));
  }

  private static InvalidConfigurationException unknown(String key) {
    String keys = ALL.stream().map(setting -> setting.key).collect(Collectors.joining(", "));
    SettingInfo near = nearest(key);
    return new InvalidConfigurationException(
        key,
        "is unknown",
        "Did you mean "
            + near.key()
            + ", which is "
            + near.accepted()
            + "? The settings are "
            + keys
            + " and properties.*");
  }

  /** Whether it is an option of a policy. */
  boolean isOfPolicy() {
    return effect != null;
  }

  void applyTo(BatchPolicy.Builder policy, Object value) {
    if (effect != null) {
      effect.accept(policy, type.cast(value));
    }
  }

  /** In the order of the list. Each is one object, so this agrees with equals. */
  @Override
  public int compareTo(Setting<?> other) {
    return Integer.compare(ALL.indexOf(this), ALL.indexOf(other));
  }

  @Override
  public String toString() {
    return key;
  }
}
