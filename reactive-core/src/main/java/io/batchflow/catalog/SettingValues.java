package io.batchflow.catalog;

import io.batchflow.BatchPolicy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The settings and properties that are set. Not thread-safe until they no longer change. */
final class SettingValues {

  private static final String PROPERTY = "properties.";

  private final SortedMap<Setting<?>, Object> settings = new TreeMap<>();
  private final SortedMap<String, String> properties = new TreeMap<>();

  /** Returns a copy, in which those of another, if given, replace these. */
  SettingValues with(@Nullable SettingValues other) {
    SettingValues copy = new SettingValues();
    copy.add(this);
    if (other != null) {
      copy.add(other);
    }
    return copy;
  }

  private void add(SettingValues other) {
    settings.putAll(other.settings);
    properties.putAll(other.properties);
  }

  <T> @Nullable T get(Setting<T> setting) {
    Object value = settings.get(setting);
    return value == null ? null : setting.type.cast(value);
  }

  /** Sets a setting; null unsets it. */
  <T> void set(Setting<T> setting, @Nullable T value) {
    if (value == null) {
      settings.remove(setting);
    } else {
      settings.put(setting, setting.type.checked(setting.key, value));
    }
  }

  /** Sets a property; null unsets it. */
  void property(String name, @Nullable String value) {
    if (value == null) {
      properties.remove(name);
    } else {
      SettingRules.check(name, value);
      properties.put(name, value);
    }
  }

  Map<String, String> properties() {
    return properties;
  }

  /** Sets what a text says. */
  void parse(String key, String text) {
    if (key.startsWith(PROPERTY)) {
      property(key.substring(PROPERTY.length()), text);
    } else {
      parse(Setting.of(key), text);
    }
  }

  private <T> void parse(Setting<T> setting, String text) {
    set(setting, setting.type.parse(setting.key, text));
  }

  Map<String, String> asTexts() {
    Map<String, String> texts = new LinkedHashMap<>();
    settings.forEach((setting, value) -> texts.put(setting.key, SettingType.print(value)));
    properties.forEach((name, value) -> texts.put(PROPERTY + name, value));
    return texts;
  }

  void applyTo(BatchPolicy.Builder policy) {
    settings.forEach((setting, value) -> setting.applyTo(policy, value));
  }

  /** Returns whether a policy is the same by these and by others. */
  boolean isSamePolicy(SettingValues other) {
    return ofPolicy().equals(other.ofPolicy());
  }

  private Map<Setting<?>, Object> ofPolicy() {
    Map<Setting<?>, Object> some = new TreeMap<>(settings);
    some.keySet().removeIf(setting -> !setting.isOfPolicy());
    return some;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SettingValues that
        && settings.equals(that.settings)
        && properties.equals(that.properties);
  }

  @Override
  public int hashCode() {
    return 31 * settings.hashCode() + properties.hashCode();
  }

  /** Returns the settings, but of properties only the names. */
  @Override
  public String toString() {
    return settings.toString() + properties.keySet();
  }
}
