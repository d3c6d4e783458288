package io.batchflow.redis;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import reactor.core.publisher.Mono;

/** The answer to a command and its sending race with the deadline of its batch. */
public class RowCommandStress {

  private static final Schema SCHEMA =
      Schema.table("texts")
          .columns("id", "value")
          .conflictKey("id")
          .onConflict(ConflictStrategy.REPLACE)
          .build();

  private static final Batch BATCH = new Batch(SCHEMA, List.of(SCHEMA.row().set(0, 1).set(1, "x")));

  private RowCommandStress() {}

  /** A connection that accepts commands and sends nothing. */
  private static class Nowhere implements RedisConnector {

    @Override
    public void send(List<RowCommand> commands, boolean atomic) {}

    @Override
    public int slot(byte[] key) {
      return 0;
    }

    @Override
    public void reset() {}

    @Override
    public Mono<Void> close() {
      return Mono.empty();
    }
  }

  private static Pipeline pipeline() {
    return pipeline(new Nowhere());
  }

  private static Pipeline pipeline(RedisConnector link) {
    return new Pipeline(BATCH, link, new Route());
  }

  private static RowCommand command(Pipeline pipeline) {
    return new RowCommand(
        pipeline,
        CommandType.SET,
        new CommandArgs<>(ByteArrayCodec.INSTANCE).addKey(new byte[] {1}).addValue(new byte[] {2}),
        new byte[] {1},
        ReplyRule.WRITTEN,
        0);
  }

  /** Results: whether it was sent, and whether it is known as not sent. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class SendAndWithdraw {
    private final RowCommand command = command(pipeline());
    private boolean sent;
    private boolean never;

    @Actor
    public void send() {
      sent = command.send();
    }

    @Actor
    public void withdraw() {
      never = command.withdraw();
    }

    @Arbiter
    public void arbiter(II_Result result) {
      result.r1 = sent ? 1 : 0;
      result.r2 = never ? 1 : 0;
    }
  }

  /** Results: how often the pipeline ended, and how many rows failed as written or as unknown. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "1, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class AnswerAndDeadline {
    private final AtomicInteger done = new AtomicInteger();
    private final Pipeline pipeline = pipeline();
    private final RowCommand command = command(pipeline);

    public AnswerAndDeadline() {
      pipeline.add(command);
      pipeline.send(false).subscribe(nothing -> {}, failed -> {}, done::incrementAndGet);
      command.send();
    }

    @Actor
    public void answer() {
      command.complete();
    }

    @Actor
    public void deadline() {
      command.withdraw();
    }

    @Arbiter
    public void arbiter(II_Result result) {
      BatchResult told = pipeline.result();
      result.r1 = done.get();
      result.r2 = told.rejected().size();
    }
  }

  /** A cluster whose other node executes each command and answers at once. */
  private static final class OtherNode extends Nowhere {

    private int ran;

    @Override
    public boolean follows(String error) {
      return error.startsWith("MOVED");
    }

    @Override
    public void follow(RowCommand command) {
      if (command.send()) {
        ran++;
        command.complete();
      }
    }
  }

  /**
   * A node reports that the key has moved as the batch ends. Results: how often the other node ran
   * the command, and the outcome. "Not sent" must be true.
   */
  @JCStressTest
  @Outcome(
      id = {"0 TRANSIENT", "0 UNKNOWN", "1 UNKNOWN", "1 WRITTEN"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class MovedAndDeadline {
    private final OtherNode other = new OtherNode();
    private final Pipeline pipeline = pipeline(other);
    private final RowCommand command = command(pipeline);
    private BatchResult told = BatchResult.written(0);

    public MovedAndDeadline() {
      pipeline.add(command);
      pipeline.send(false).subscribe();
      command.send();
      command.getOutput().setError(StandardCharsets.US_ASCII.encode("MOVED 1 127.0.0.1:7001"));
    }

    @Actor
    public void moved() {
      command.complete();
    }

    @Actor
    public void deadline() {
      told = pipeline.result();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      Throwable reason = told.rejected().get(0);
      Object end = reason == null ? "WRITTEN" : ((RedisWriteException) reason).kind();
      result.r1 = other.ran + " " + end;
    }
  }
}
