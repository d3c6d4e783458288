package io.batchflow.redis;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The commands of one batch, until each has an answer or can no longer get one. One thread fills
 * the pipeline and sends it. Answers arrive on the client's threads.
 */
final class Pipeline {

  private final Batch batch;
  private final RedisConnector link;
  private final Route route;
  private final List<RowCommand> commands = new ArrayList<>();
  private final Map<Integer, Throwable> rejected = new HashMap<>();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final Sinks.Empty<Void> done = Sinks.empty();

  /** Sends rows again that were rejected together. This pipeline itself once it is too late. */
  private final AtomicReference<@Nullable Pipeline> apart = new AtomicReference<>();

  Pipeline(Batch batch, RedisConnector link, Route route) {
    this.batch = batch;
    this.link = link;
    this.route = route;
  }

  Route route() {
    return route;
  }

  Schema schema() {
    return batch.schema();
  }

  void add(RowCommand command) {
    commands.add(command);
  }

  void reject(int row, RedisWriteException reason) {
    rejected.put(row, reason);
  }

  /** Sends the commands. Completes once every command has an answer or can no longer get one. */
  Mono<Void> send(boolean atomic) {
    if (commands.isEmpty()) {
      return Mono.empty();
    }
    unanswered.set(commands.size());
    link.send(commands, atomic);
    return done.asMono();
  }

  /**
   * Sends the rows of a rejected MSET again, each with its own command. A single key, such as one
   * that an ACL forbids, makes Redis reject the whole MSET. A delete that was sent together with a
   * row that is stored after it is also sent again, and then that row.
   */
  Mono<Void> sendApart(RowEncoder encoder, boolean atomic) {
    List<RowCommand> together = commands.stream().filter(Pipeline::isRejectedTogether).toList();
    if (together.isEmpty()) {
      return Mono.empty();
    }
    Pipeline each = new Pipeline(batch, link, route);
    for (RowCommand command : together) {
      for (int row : command.rows) {
        encoder.encodeAlone(batch.rows().get(row), row, each);
      }
    }
    return apart.compareAndSet(null, each) ? each.send(atomic) : Mono.empty();
  }

  private static boolean isRejectedTogether(RowCommand sent) {
    String error = sent.last().error();
    if (sent.rows.length == 1 || error == null) {
      return false;
    }
    FailureKind kind = RedisErrors.kind(error);
    return kind == FailureKind.PERMANENT || kind == FailureKind.DATA;
  }

  void done(RowCommand command) {
    String error = command.error();
    boolean redirected = error != null && !command.isSecond() && link.follows(error);
    RowCommand again = redirected ? command.again() : null;
    if (again != null) {
      link.follow(again);
    } else if (unanswered.decrementAndGet() == 0) {
      done.tryEmitEmpty();
    }
  }

  /** Returns the outcome of every row. A command without an answer is withdrawn, or unknown. */
  BatchResult result() {
    RowVerdict[] verdicts = new RowVerdict[batch.rowVerdicts() ? batch.size() : 0];
    Arrays.fill(verdicts, RowVerdict.WRITTEN);
    long affected = collect(verdicts);
    apart.compareAndSet(null, this);
    Pipeline each = apart.get();
    if (each != null && each != this) {
      for (RowCommand alone : each.commands) {
        rejected.remove(alone.rows[0]);
      }
      affected += each.collect(verdicts);
      rejected.putAll(each.rejected);
    }
    return BatchResult.partly(affected, rejected).withVerdicts(List.of(verdicts));
  }

  private long collect(RowVerdict[] verdicts) {
    long affected = 0;
    for (RowCommand sent : commands) {
      RowCommand command = sent.last();
      RuntimeException failure = failure(command);
      for (int row : command.rows) {
        if (failure != null) {
          rejected.put(row, failure);
        } else {
          affected += command.rule.affected(command.reply());
          if (verdicts.length > 0) {
            verdicts[row] = command.rule.verdict(command.reply());
          }
        }
      }
    }
    return affected;
  }

  private @Nullable RuntimeException failure(RowCommand command) {
    if (!command.isAnswered()) {
      boolean never = command.withdraw();
      return command.failure() instanceof RedisWriteException own
          ? own
          : RedisErrors.unanswered(schema(), !never, command.failure());
    }
    String error = command.error();
    if (error != null) {
      return RedisErrors.answered(schema(), error);
    }
    return command.rule.rejection(command.reply(), schema());
  }
}
