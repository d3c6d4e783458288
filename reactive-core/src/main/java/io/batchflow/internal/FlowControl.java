package io.batchflow.internal;

import io.batchflow.BatchPolicy;
import io.batchflow.FlowClosedException;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Schema;
import io.batchflow.SealReason;
import io.batchflow.control.TableControl;
import io.batchflow.internal.check.Checks;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.lane.Lane;
import io.batchflow.internal.lane.Lanes;
import io.batchflow.internal.lane.Submission;
import io.batchflow.internal.lane.Window;
import io.batchflow.internal.loop.Command;
import io.batchflow.internal.loop.Event;
import io.batchflow.internal.submit.OutcomeTeller;
import io.batchflow.internal.submit.PausedRows;
import io.batchflow.internal.submit.Pauses;
import io.batchflow.internal.submit.Submitter;
import io.batchflow.internal.submit.WaitQueue;
import io.batchflow.stats.TableStats;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Carries out what callers ask of a running flow or table: each request is a command. */
public final class FlowControl {

  private final FlowConfig config;
  private final Submitter submitter;
  private final Lanes lanes;
  private final WaitQueue waiters;
  private final PausedRows held;
  private final Pauses pauses;
  private final OutcomeTeller teller;
  private final Shutdown shutdown;

  FlowControl(
      FlowConfig config,
      Submitter submitter,
      Lanes lanes,
      WaitQueue waiters,
      PausedRows held,
      Pauses pauses,
      OutcomeTeller teller,
      Shutdown shutdown) {
    this.config = config;
    this.submitter = submitter;
    this.lanes = lanes;
    this.waiters = waiters;
    this.held = held;
    this.pauses = pauses;
    this.teller = teller;
    this.shutdown = shutdown;
  }

  /** Sends all rows, and completes when every row that has arrived has its outcome. */
  public Mono<Void> flush() {
    return ask(
        shutdown.done(),
        flushed -> {
          teller.flush(flushed::tryEmitEmpty);
          lanes.hurryAll(SealReason.FLUSH, submitter.now());
        });
  }

  /** Returns the control of a table. */
  TableControl table(String name) {
    return new OneTable(name);
  }

  /**
   * Posts a request to the drain with each subscription.
   *
   * @param closed answers if the flow is closed
   */
  private Mono<Void> ask(Mono<Void> closed, Consumer<Sinks.Empty<Void>> request) {
    return Mono.defer(
        () -> {
          Sinks.Empty<Void> answer = Sinks.empty();
          submitter.post(
              new Command() {
                @Override
                public void run() {
                  request.accept(answer);
                }
              });
          return Mono.firstWithSignal(answer.asMono(), closed);
        });
  }

  /** The control of one table. */
  private final class OneTable implements TableControl {

    private final String table;

    OneTable(String table) {
      this.table = table;
    }

    @Override
    public String table() {
      return table;
    }

    @Override
    public Mono<Void> pause() {
      return change(answer -> held.pause(table, answer::tryEmitEmpty));
    }

    /** Does nothing to a flow that closes, as its rows are to be written. */
    private Mono<Void> change(Consumer<Sinks.Empty<Void>> request) {
      FlowClosedException closed = FlowClosedException.control(table);
      return ask(
          shutdown.done().then(Mono.error(closed)),
          answer -> {
            if (shutdown.hasBegun()) {
              teller.later(() -> answer.tryEmitError(closed));
            } else {
              request.accept(answer);
            }
          });
    }

    @Override
    public Mono<Void> resume() {
      return ask(
          shutdown.done(),
          answer -> {
            pauses.resume(table);
            teller.later(answer::tryEmitEmpty);
          });
    }

    @Override
    public boolean isPaused() {
      return pauses.isPaused(table);
    }

    @Override
    public BatchPolicy policy() {
      return config.policies.of(table, schemas());
    }

    private List<Schema> schemas() {
      return lanes.lanesOf(table).stream().map(lane -> lane.schema).toList();
    }

    @Override
    public Mono<Void> policy(BatchPolicy policy) {
      Checks.given("policy", policy);
      return change(
          answer -> {
            try {
              config.checkChange(table, schemas(), policy); // here, so that changes do not race
            } catch (InvalidConfigurationException refused) {
              teller.later(() -> answer.tryEmitError(refused));
              return;
            }
            apply(policy, submitter.now());
            teller.later(answer::tryEmitEmpty);
          });
    }

    private void apply(BatchPolicy policy, long now) {
      config.policies.retune(table, policy);
      if (lanes.shares.retune(table, policy, lanes.lanesOf(table))) {
        waiters.take(table).forEach(held::hold); // before later rows, which wait for the share
      }
      for (Lane lane : lanes.lanesOf(table)) {
        lanes.retune(lane, config.policyOf(lane.schema), now);
      }
      waiters.lookAgain(now);
      held.lookAgain(now);
    }

    @Override
    public Mono<Void> flush() {
      return ask(shutdown.done(), this::flush);
    }

    private void flush(Sinks.Empty<Void> answer) {
      teller.flush(table, rows(), answer::tryEmitEmpty);
      for (Lane lane : lanes.lanesOf(table)) {
        lanes.hurry(lane, SealReason.FLUSH, submitter.now());
      }
    }

    @Override
    public Mono<Void> drain() {
      return change(
          answer -> {
            pauses.drain(table);
            flush(answer);
          });
    }

    @Override
    public boolean isDrained() {
      return pauses.isDrained(table);
    }

    /** Returns the rows of the table that have not ended. */
    private List<Submission> rows() {
      List<Submission> rows = new ArrayList<>();
      for (Lane lane : lanes.lanesOf(table)) {
        for (Window window : lane.windows()) {
          for (Event row = window.first(); row != null; row = row.next) {
            rows.add((Submission) row);
          }
        }
        for (InFlightBatch batch : lane.inFlight()) {
          rows.addAll(List.of(batch.rows()));
        }
      }
      held.eachOf(table, rows::add);
      waiters.eachOf(table, rows::add);
      return rows;
    }

    @Override
    public List<TableStats> stats() {
      boolean paused = isPaused();
      long now = submitter.now();
      return lanes.lanesOf(table).stream().map(lane -> lane.stats(paused, now)).toList();
    }

    @Override
    public String toString() {
      return "TableControl[" + table + "]";
    }
  }
}
