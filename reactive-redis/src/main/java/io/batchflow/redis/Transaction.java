package io.batchflow.redis;

import io.lettuce.core.TransactionResult;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.MultiOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commands between MULTI and EXEC. They are sent in one piece, so that no other command on the
 * connection comes between. Lettuce does not know that they are a transaction.
 */
final class Transaction {

  private static final CommandKeyword MULTI = new CommandKeyword("MULTI");
  private static final CommandKeyword EXEC = new CommandKeyword("EXEC");

  private final List<RowCommand> rows;
  private final List<Queued> queued = new ArrayList<>();

  private Transaction(List<RowCommand> rows) {
    this.rows = rows;
  }

  /** Returns the commands to send. EXEC completes the command of each row with its answer. */
  static List<RedisCommand<byte[], byte[], ?>> of(List<RowCommand> rows) {
    Transaction transaction = new Transaction(rows);
    List<RedisCommand<byte[], byte[], ?>> wire = new ArrayList<>(rows.size() + 2);
    wire.add(new Command<>(MULTI, new StatusOutput<>(ByteArrayCodec.INSTANCE)));
    for (RowCommand row : rows) {
      transaction.queued.add(new Queued(row.getType(), row));
    }
    wire.addAll(transaction.queued);
    wire.add(transaction.new Exec(new Replies(rows)));
    return wire;
  }

  /** A command that the server queues until EXEC. The answer is QUEUED, or an error. */
  private static final class Queued extends Command<byte[], byte[], String> {

    Queued(ProtocolKeyword name, RowCommand row) {
      super(name, new StatusOutput<>(ByteArrayCodec.INSTANCE), row.getArgs());
    }
  }

  /** Passes the replies of EXEC to the rows, unless EXEC itself failed. */
  private static final class Replies extends MultiOutput<byte[], byte[]> {

    Replies(List<RowCommand> rows) {
      super(ByteArrayCodec.INSTANCE);
      rows.forEach(this::add);
    }

    @Override
    public void complete(int depth) {
      if (!hasError()) {
        super.complete(depth);
      }
    }
  }

  private final class Exec extends Command<byte[], byte[], TransactionResult> {

    Exec(Replies replies) {
      super(EXEC, replies);
    }

    /** Nothing is applied before EXEC is sent. */
    @Override
    public void encode(ByteBuf buffer) {
      for (RowCommand row : rows) {
        if (!row.send()) {
          throw new IllegalStateException("The command was withdrawn at its deadline");
        }
      }
      super.encode(buffer);
    }

    @Override
    public void complete() {
      super.complete();
      String error = getOutput().getError();
      for (int i = 0; i < rows.size(); i++) {
        RowCommand row = rows.get(i);
        if (!row.isAnswered()) {
          row.getOutput().setError(errorOf(queued.get(i), error));
          row.complete();
        }
      }
    }

    private String errorOf(Queued command, @Nullable String error) {
      String own = command.getOutput().getError();
      return own != null ? own : error != null ? error : "EXECABORT Nothing was applied";
    }

    @Override
    public boolean completeExceptionally(Throwable reason) {
      boolean first = super.completeExceptionally(reason);
      rows.forEach(row -> row.completeExceptionally(reason));
      return first;
    }

    @Override
    public void cancel() {
      super.cancel();
      rows.forEach(RowCommand::cancel);
    }
  }
}
