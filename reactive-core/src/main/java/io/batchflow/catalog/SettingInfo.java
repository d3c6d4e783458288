package io.batchflow.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes a setting of {@link TableSettings}: for editors, forms and messages. Immutable.
 *
 * @param key such as {@code buffer_size}
 * @param description what it does, as a sentence
 * @param kind what its values are
 * @param accepted the values that are accepted, in words
 * @param least the least number, or the number that a {@link Kind#FRACTION} is above; null if it is
 *     no number
 * @param most the largest number; null if it is no number
 * @param choices the values of a {@link Kind#CHOICE}; else empty
 */
public record SettingInfo(
    String key,
    String description,
    Kind kind,
    String accepted,
    @Nullable Long least,
    @Nullable Long most,
    List<String> choices) {

  /** Describes the setting whose key is the most similar to one that is unknown. */
  public static SettingInfo nearest(String unknown) {
    return Setting.nearest(unknown);
  }

  /** What values are. */
  public enum Kind {
    /** A whole number. */
    NUMBER,
    /** A number with decimals. */
    FRACTION,
    /** True or false. */
    FLAG,
    /** A time, such as {@code 10s}. */
    TIME,
    /** One of some words. */
    CHOICE
  }
}
