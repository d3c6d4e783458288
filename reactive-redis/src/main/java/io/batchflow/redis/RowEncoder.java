package io.batchflow.redis;

import io.batchflow.Batch;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Encodes the rows of one Schema as commands. */
final class RowEncoder {

  /** The most rows of an MSET. Redis runs nothing else while it runs. */
  private static final int MSET_ROWS = 250;

  private static final int MSET_BYTES = 1 << 20;

  private final SchemaBinding binding;
  private final CommandTemplate form;
  private final RowBytes key;
  private final RedisKeys keys;
  private final byte @Nullable [] script;

  RowEncoder(Schema schema, RedisMapping mapping, RedisValueCodec codec) {
    this.binding = new SchemaBinding(schema, codec);
    this.form = mapping.bind(binding);
    this.key = binding.key(mapping.key());
    this.keys = mapping.keys(binding);
    String text = form.script();
    this.script = text == null ? null : text.getBytes(StandardCharsets.US_ASCII);
  }

  ReplyRule rule() {
    return form.rule();
  }

  /** Returns how rows are compared by what they write to. */
  RedisKeys keys() {
    return keys;
  }

  boolean isRepeatable() {
    return form.repeatable();
  }

  /**
   * Encodes a batch as commands. A row that cannot be encoded is rejected at once.
   *
   * @param slots returns the slot of a key; only rows of the same slot may share an MSET
   */
  void encode(Batch batch, Pipeline pipeline, ToIntFunction<byte[]> slots) {
    Map<Integer, Mset> open = new HashMap<>();
    Mset mset = new Mset(Integer.MIN_VALUE);
    RowBytes onlyValue = form.onlyValue();
    for (int i = 0; i < batch.size(); i++) {
      Row row = batch.rows().get(i);
      try {
        if (onlyValue == null) {
          pipeline.add(command(pipeline, row, i));
        } else {
          byte[] rowKey = key.of(row);
          byte[] value = onlyValue.of(row);
          int slot = slots.applyAsInt(rowKey);
          if (slot != mset.slot) {
            mset = open.computeIfAbsent(slot, Mset::new);
          }
          mset.add(i, rowKey, value);
          if (mset.size >= MSET_ROWS || mset.bytes >= MSET_BYTES) {
            pipeline.add(mset.command(pipeline));
            mset.clear();
          }
        }
      } catch (RuntimeException | StackOverflowError thrown) {
        pipeline.reject(i, rejection(thrown));
      }
    }
    open.values().stream()
        .filter(each -> each.size > 0)
        .forEach(each -> pipeline.add(each.command(pipeline)));
  }

  /** Encodes a row that was part of an MSET as a separate command. */
  void encodeAlone(Row row, int position, Pipeline pipeline) {
    RowBytes onlyValue = Objects.requireNonNull(form.onlyValue(), "onlyValue");
    try {
      Mset alone = new Mset(0);
      alone.add(position, key.of(row), onlyValue.of(row));
      pipeline.add(alone.command(pipeline));
    } catch (RuntimeException | StackOverflowError thrown) {
      pipeline.reject(position, rejection(thrown));
    }
  }

  private RedisWriteException rejection(Throwable thrown) {
    return thrown instanceof RedisWriteException rejected
        ? rejected
        : RedisWriteException.badValue(
            binding.schema(),
            "arguments",
            "could not be computed (" + thrown.getClass().getSimpleName() + ")",
            "The cause is the exception of the mapping's function",
            thrown);
  }

  private RowCommand command(Pipeline pipeline, Row row, int position) {
    byte[] rowKey = key.of(row);
    CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
    ProtocolKeyword name = form.name();
    if (script != null) {
      name = CommandType.EVAL;
      args.add(script).add(1);
    } else if (name == null) {
      name = CustomCommands.Raw.keyword(binding, row);
    }
    args.addKey(rowKey);
    for (ArgumentWriter argument : form.arguments()) {
      argument.addTo(args, row);
    }
    return new RowCommand(pipeline, name, args, rowKey, position);
  }

  /** Collects the rows of an MSET. A single row becomes a SET. */
  private static final class Mset {

    private final int slot;
    private int[] rows = new int[16];
    private CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
    private byte[] firstKey = {};
    private int size;
    private int bytes;

    Mset(int slot) {
      this.slot = slot;
    }

    void add(int row, byte[] key, byte[] value) {
      if (size == 0) {
        firstKey = key;
        args.addKey(key); // the client of a cluster finds the slot by it
      } else {
        args.add(key);
      }
      if (size == rows.length) {
        rows = Arrays.copyOf(rows, Math.min(4 * size, MSET_ROWS));
      }
      rows[size++] = row;
      args.add(value);
      bytes += key.length + value.length;
    }

    RowCommand command(Pipeline pipeline) {
      return new RowCommand(
          pipeline,
          size == 1 ? CommandType.SET : CommandType.MSET,
          args,
          firstKey,
          Arrays.copyOf(rows, size));
    }

    void clear() {
      args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
      size = 0;
      bytes = 0;
    }
  }
}
