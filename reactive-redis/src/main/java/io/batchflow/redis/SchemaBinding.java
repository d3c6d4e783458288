package io.batchflow.redis;

import io.batchflow.AbsentStrategy;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A Schema and a codec, from which a {@link RedisMapping} makes the parts of its commands. */
record SchemaBinding(Schema schema, RedisValueCodec codec) {

  ConflictStrategy strategy() {
    return schema.onConflict();
  }

  /** Returns what it means for a row that only updates if its target is absent. */
  ReplyRule ifPresent() {
    return schema.onAbsent() == AbsentStrategy.REJECT
        ? ReplyRule.PRESENT_OR_REJECTED
        : ReplyRule.PRESENT_OR_IGNORED;
  }

  /** Returns a fixed argument. */
  ArgumentWriter text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return (args, row) -> args.add(bytes);
  }

  /** Returns the value of a column, which every row must have. */
  ArgumentWriter value(String column) {
    int position = position(column);
    return (args, row) -> args.add(bytes(row, position));
  }

  /** Returns the names and the values of the columns that a row sets. */
  ArgumentWriter fields(List<String> columns) {
    int[] positions = columns.stream().mapToInt(this::position).toArray();
    List<byte[]> names =
        columns.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toList();
    return (args, row) -> {
      boolean none = true;
      for (int i = 0; i < positions.length; i++) {
        if (row.isSet(positions[i])) {
          args.add(names.get(i)).add(bytes(row, positions[i]));
          none = false;
        }
      }
      if (none) {
        throw new RedisWriteException(
            FailureKind.INVALID, schema, null, "no field is set", "Set at least one", null);
      }
    };
  }

  /** Returns the argument that a template makes from a row. */
  ArgumentWriter template(KeyTemplate template) {
    RowBytes bytes = bytes(template);
    return (args, row) -> args.add(bytes.of(row));
  }

  /** Returns the key that a template makes from a row. */
  RowBytes key(KeyTemplate template) {
    RowBytes bytes = bytes(template);
    return row -> {
      byte[] key = bytes.of(row);
      if (key.length == 0) {
        throw new RedisWriteException(
            FailureKind.INVALID,
            schema,
            null,
            "the key is empty",
            "Give its columns a value",
            null);
      }
      return key;
    };
  }

  private RowBytes bytes(KeyTemplate template) {
    int[] positions = template.columns().stream().mapToInt(this::position).toArray();
    if (template.isOneColumn()) {
      return row -> bytes(row, positions[0]);
    }
    List<byte[]> texts =
        template.texts().stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    return row -> joined(texts, positions, row);
  }

  private byte[] joined(List<byte[]> texts, int[] positions, Row row) {
    byte[][] parts = new byte[2 * positions.length + 1][];
    int length = 0;
    for (int i = 0; i < parts.length; i++) {
      parts[i] = i % 2 == 0 ? texts.get(i / 2) : bytes(row, positions[i / 2]);
      length += parts[i].length;
    }
    byte[] joined = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return joined;
  }

  byte[] bytes(Row row, int position) {
    Object value = row.value(position);
    String column = schema.columns().get(position);
    if (value == null) {
      throw RedisWriteException.badValue(
          schema,
          column,
          row.isSet(position) ? "is null" : "is not set",
          "Redis has no null: set a value, or leave an optional field unset",
          null);
    }
    return bytes(column, value);
  }

  byte[] bytes(String column, Object value) {
    try {
      return codec.encode(column, value);
    } catch (RuntimeException | StackOverflowError rejected) {
      throw RedisWriteException.badValue(
          schema,
          column,
          "has a " + value.getClass().getSimpleName() + " that the codec cannot encode",
          "Set a value that the codec takes, or give the writer another codec",
          rejected);
    }
  }

  int position(String column) {
    int position = schema.columns().indexOf(column);
    if (position < 0) {
      throw invalid(
          "names the column '" + column + "', which its Schema does not have",
          "Its columns are " + String.join(", ", schema.columns()));
    }
    return position;
  }

  InvalidConfigurationException invalid(String problem, String remedy) {
    return new InvalidConfigurationException(
        "map", "for table '" + schema.table() + "' " + problem, remedy);
  }

  InvalidConfigurationException noMeaning(String command, String meant) {
    return invalid(
        "has the strategy " + strategy() + ", which " + command + " does not support",
        "Use " + meant);
  }

  InvalidConfigurationException noUpdates(String command) {
    return invalid(
        "has onAbsent(" + schema.onAbsent() + "), which " + command + " does not support",
        "Use onAbsent(INSERT), or set, hset, zadd or geoadd");
  }
}
