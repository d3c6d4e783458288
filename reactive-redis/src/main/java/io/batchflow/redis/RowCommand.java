package io.batchflow.redis;

import io.batchflow.Schema;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The command of one row, or the MSET of several rows. Notifies its pipeline once, when it has an
 * answer or can no longer get one.
 */
final class RowCommand extends Command<byte[], byte[], Long> {

  private static final int WAITING = 0;
  private static final int SENT = 1;
  private static final int WITHDRAWN = 2;

  /** The rows, by their positions in the batch. */
  final int[] rows;

  final byte[] key;

  /** What its reply means. */
  final ReplyRule rule;

  private final Pipeline pipeline;
  private final AtomicBoolean told = new AtomicBoolean();
  private final AtomicInteger sending = new AtomicInteger(WAITING);
  private boolean second;
  private volatile boolean answered;
  private volatile @Nullable Throwable failure;

  /** The command that was sent instead of this one, or this one once its own answer counts. */
  private final AtomicReference<@Nullable RowCommand> counting = new AtomicReference<>();

  RowCommand(
      Pipeline pipeline,
      ProtocolKeyword name,
      CommandArgs<byte[], byte[]> arguments,
      byte[] key,
      ReplyRule rule,
      int... rows) {
    super(name, new Reply(), arguments);
    this.pipeline = pipeline;
    this.key = key;
    this.rule = rule;
    this.rows = rows;
  }

  Schema schema() {
    return pipeline.schema();
  }

  Route route() {
    return pipeline.route();
  }

  /**
   * Returns a copy of the command, to be sent once more. The answer to the copy counts from now on.
   * Null if the result of the batch has already been returned.
   */
  @Nullable RowCommand again() {
    RowCommand again = new RowCommand(pipeline, getType(), getArgs(), key, rule, rows);
    again.second = true;
    return counting.compareAndSet(null, again) ? again : null;
  }

  /** Returns the command whose answer counts. After that, it does not change. */
  RowCommand last() {
    RowCommand next = counting.updateAndGet(known -> known == null ? this : known);
    return next == null ? this : next;
  }

  /** Returns whether the command is sent for the second time, which is the last. */
  boolean isSecond() {
    return second;
  }

  /** Encoded bytes may reach the server, so only before this the command is certainly not sent. */
  @Override
  public void encode(ByteBuf buffer) {
    if (!send()) {
      throw new IllegalStateException("The command was withdrawn at its deadline");
    }
    super.encode(buffer);
  }

  /** Returns false if the command was withdrawn. */
  boolean send() {
    return sending.compareAndSet(WAITING, SENT) || sending.get() == SENT;
  }

  /** Withdraws the command. Returns whether it is certainly never sent. */
  boolean withdraw() {
    boolean never = sending.compareAndSet(WAITING, WITHDRAWN) || sending.get() == WITHDRAWN;
    cancel();
    return never;
  }

  @Override
  public void complete() {
    super.complete();
    tell(true);
  }

  @Override
  public boolean completeExceptionally(Throwable reason) {
    failure = reason;
    boolean first = super.completeExceptionally(reason);
    tell(false);
    return first;
  }

  @Override
  public void cancel() {
    super.cancel();
    tell(false);
  }

  private void tell(boolean answer) {
    if (told.compareAndSet(false, true)) {
      answered = answer;
      pipeline.done(this);
    }
  }

  boolean isAnswered() {
    return answered;
  }

  /** Returns why no answer can come, or null. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Returns the error that Redis answered with, or null. */
  @Nullable String error() {
    return answered ? getOutput().getError() : null;
  }

  long reply() {
    Long reply = getOutput().get();
    return reply == null ? 0 : reply;
  }
}
