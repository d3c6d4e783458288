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
  private final Form form;
  private final RowBytes key;
  private final RedisKeys keys;
  private final @Nullable DeleteForms deletes;

  /** A template, and the bytes of its script if it has one. */
  private static final class Form {

    private final CommandTemplate template;
    private final byte @Nullable [] script;

    Form(CommandTemplate template) {
      String text = template.script();
      this.template = template;
      this.script = text == null ? null : text.getBytes(StandardCharsets.US_ASCII);
    }
  }

  private record DeleteForms(Form delete, Form thenStore) {}

  RowEncoder(Schema schema, RedisMapping mapping, RedisValueCodec codec) {
    this.binding = new SchemaBinding(schema, codec);
    this.form = new Form(mapping.bind(binding));
    this.key = binding.key(mapping.key());
    this.keys = mapping.keys(binding);
    DeleteTemplates templates = mapping.bindDeletes(binding);
    this.deletes =
        templates == null
            ? null
            : new DeleteForms(new Form(templates.delete()), new Form(templates.thenStore()));
  }

  /** Returns how rows are compared by what they write to. */
  RedisKeys keys() {
    return keys;
  }

  boolean isRepeatable() {
    return form.template.repeatable();
  }

  boolean supportsDeletes() {
    return deletes != null;
  }

  /**
   * Encodes a batch as commands. A row that cannot be encoded is rejected at once.
   *
   * @param slots returns the slot of a key; only rows of the same slot may share an MSET
   */
  void encode(Batch batch, Pipeline pipeline, ToIntFunction<byte[]> slots) {
    Map<Integer, Mset> open = new HashMap<>();
    Mset mset = new Mset(Integer.MIN_VALUE);
    RowBytes onlyValue = form.template.onlyValue();
    // In a batch that is merged by these keys, no row is deleted after it is stored.
    boolean merged = batch.keys().equals(keys);
    for (int i = 0; i < batch.size(); i++) {
      Row row = batch.rows().get(i);
      try {
        if (row.isDelete()) {
          if (!merged) {
            open.values().forEach(each -> each.flush(pipeline));
          }
          i += delete(batch, i, pipeline);
        } else if (onlyValue == null) {
          pipeline.add(command(pipeline, form, row, i));
        } else {
          byte[] rowKey = key.of(row);
          byte[] value = onlyValue.of(row);
          int slot = slots.applyAsInt(rowKey);
          if (slot != mset.slot) {
            mset = open.computeIfAbsent(slot, Mset::new);
          }
          mset.add(i, rowKey, value);
          if (mset.size >= MSET_ROWS || mset.bytes >= MSET_BYTES) {
            mset.flush(pipeline);
          }
        }
      } catch (RuntimeException | StackOverflowError thrown) {
        pipeline.reject(i, rejection(thrown));
      }
    }
    open.values().forEach(each -> each.flush(pipeline));
  }

  /**
   * Encodes a delete, and the row that is stored after it if it is the next one. Both are one
   * command: if the delete failed and were sent again, it would delete the new row.
   *
   * @return how many rows were encoded besides the delete
   */
  private int delete(Batch batch, int position, Pipeline pipeline) {
    DeleteForms forms = Objects.requireNonNull(deletes, "deletes");
    Row row = batch.rows().get(position);
    Row next = position + 1 < batch.size() ? batch.rows().get(position + 1) : row;
    if (next.isDelete() || !Objects.equals(keys.key(row), keys.key(next))) {
      pipeline.add(command(pipeline, forms.delete, row, position));
      return 0;
    }
    try {
      pipeline.add(command(pipeline, forms.thenStore, next, position, position + 1));
    } catch (RuntimeException | StackOverflowError thrown) {
      pipeline.reject(position + 1, rejection(thrown));
      encodeAlone(row, position, pipeline);
    }
    return 1;
  }

  /** Encodes a row that was sent together with others as a separate command. */
  void encodeAlone(Row row, int position, Pipeline pipeline) {
    try {
      RowBytes onlyValue = form.template.onlyValue();
      if (row.isDelete() && deletes != null) {
        // It may have been deleted already, when both were sent.
        Form delete = new Form(deletes.delete.template.ruledBy(ReplyRule.WRITTEN));
        pipeline.add(command(pipeline, delete, row, position));
      } else if (onlyValue == null) {
        pipeline.add(command(pipeline, form, row, position));
      } else {
        Mset alone = new Mset(0);
        alone.add(position, key.of(row), onlyValue.of(row));
        alone.flush(pipeline);
      }
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

  private RowCommand command(Pipeline pipeline, Form each, Row row, int... positions) {
    byte[] rowKey = key.of(row);
    CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
    ProtocolKeyword name = each.template.name();
    if (each.script != null) {
      name = CommandType.EVAL;
      args.add(each.script).add(1);
    } else if (name == null) {
      name = CustomCommands.Raw.keyword(binding, row);
    }
    args.addKey(rowKey);
    for (ArgumentWriter argument : each.template.arguments()) {
      argument.addTo(args, row);
    }
    return new RowCommand(pipeline, name, args, rowKey, each.template.rule(), positions);
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

    /** Adds the command of the collected rows, if there are any. */
    void flush(Pipeline pipeline) {
      if (size == 0) {
        return;
      }
      CommandType name = size == 1 ? CommandType.SET : CommandType.MSET;
      int[] positions = Arrays.copyOf(rows, size);
      pipeline.add(new RowCommand(pipeline, name, args, firstKey, ReplyRule.WRITTEN, positions));
      args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
      size = 0;
      bytes = 0;
    }
  }
}
