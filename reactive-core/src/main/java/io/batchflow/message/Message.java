package io.batchflow.message;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message to other parts of a system, such as an event. Immutable, if nobody changes the array of
 * its payload, which is not copied.
 */
public final class Message {

  /** The most characters of an id, a key or a type. */
  public static final int MAX_NAME = 190;

  /** The most characters of all names and values of headers together. */
  public static final int MAX_HEADERS = 10_000;

  /** The most bytes of a payload. */
  public static final int MAX_PAYLOAD = 1_048_576;

  private final String id;
  private final String key;
  private final String type;
  private final Map<String, String> headers;
  private final byte[] payload;

  private Message(Builder builder) {
    this.id = builder.id == null ? UUID.randomUUID().toString() : builder.id;
    this.key = builder.key == null ? id : builder.key;
    this.type = builder.type;
    this.headers = Collections.unmodifiableMap(new TreeMap<>(builder.headers));
    this.payload = builder.payload;
  }

  /**
   * Starts to build a message.
   *
   * @param type what it is, such as {@code order.placed}; 1 to 190 characters
   * @param payload its content in any format, up to a mebibyte; not copied
   * @throws IllegalArgumentException if one of them is too long, or the type is empty
   */
  public static Builder builder(String type, byte[] payload) {
    return new Builder(type, payload);
  }

  /** Returns what identifies the message, so that a receiver notices a repetition. */
  public String id() {
    return id;
  }

  /** Returns the key. Messages of one key keep their order. */
  public String key() {
    return key;
  }

  /** Returns what it is, such as {@code order.placed}. */
  public String type() {
    return type;
  }

  /** Returns the headers, sorted by name, such as {@code traceparent}. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Returns the content; not a copy. */
  public byte[] payload() {
    return payload;
  }

  /** Names the type, and neither id nor content. */
  @Override
  public String toString() {
    return "Message[type=" + type + ", bytes=" + payload.length + "]";
  }

  /** Builds a {@link Message}. Not safe for concurrent use. */
  public static final class Builder {

    private final String type;
    private final byte[] payload;
    private final Map<String, String> headers = new TreeMap<>();
    private @Nullable String id;
    private @Nullable String key;
    private int characters;

    private Builder(String type, byte[] payload) {
      this.type = name("type", type);
      if (payload.length > MAX_PAYLOAD) {
        throw new IllegalArgumentException(
            "A payload of " + payload.length + " bytes is more than " + MAX_PAYLOAD);
      }
      this.payload = payload;
    }

    /**
     * Sets the id. Defaults to a random UUID.
     *
     * @throws IllegalArgumentException unless 1 to 190 characters, without control characters
     */
    public Builder id(String id) {
      this.id = name("id", id);
      return this;
    }

    /**
     * Sets the key. Messages of one key keep their order. Defaults to the id, so that the message
     * has no order to others.
     *
     * @throws IllegalArgumentException unless 1 to 190 characters, without control characters
     */
    public Builder key(String key) {
      this.key = name("key", key);
      return this;
    }

    /**
     * Adds a header, such as {@code traceparent} of W3C Trace Context.
     *
     * @throws IllegalArgumentException if the name is empty or has a colon or space, one of them
     *     has a control character, or all headers together exceed 10,000 characters
     */
    public Builder header(String name, String value) {
      name("header", name);
      if (name.indexOf(':') >= 0 || name.indexOf(' ') >= 0) {
        throw new IllegalArgumentException("The name of a header has a colon or a space");
      }
      String before = headers.put(name, printed("header", value));
      characters += value.length() - (before == null ? -name.length() : before.length());
      if (characters > MAX_HEADERS) {
        throw new IllegalArgumentException(
            "The headers have " + characters + " characters, more than " + MAX_HEADERS);
      }
      return this;
    }

    /** Adds headers, as {@link #header} does. */
    public Builder headers(Map<String, String> headers) {
      headers.forEach(this::header);
      return this;
    }

    /** Builds the message. */
    public Message build() {
      return new Message(this);
    }

    private static String name(String part, String value) {
      if (value.isEmpty() || value.length() > MAX_NAME) {
        throw new IllegalArgumentException(
            "The " + part + " of a message has " + value.length() + " characters, not 1 to 190");
      }
      return printed(part, value);
    }

    private static String printed(String part, String value) {
      if (Objects.requireNonNull(value, part).chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException("The " + part + " of a message has a control character");
      }
      return value;
    }
  }
}
