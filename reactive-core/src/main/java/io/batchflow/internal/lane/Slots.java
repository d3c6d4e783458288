package io.batchflow.internal.lane;

import io.batchflow.internal.loop.Command;
import io.batchflow.internal.loop.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A slot is the right to write a batch. A flow has as many as its concurrency. A batch keeps its
 * slot until its end, but lends it to others while it waits for a retry, so that a failing table
 * does not block the others. The number of lent slots is bounded, so that not every table tries a
 * backend that is down. Only the drain uses it, but {@link #taken()} is for any thread.
 */
public final class Slots {

  private final int count;
  private final Consumer<Event> events;
  private final Shares shares;
  private final Deque<Wanted> line = new ArrayDeque<>();
  private final AtomicInteger taken = new AtomicInteger();
  private int free;
  private int lent;

  public Slots(int count, Consumer<Event> events, Shares shares) {
    this.count = count;
    this.shares = shares;
    this.events = events;
    this.free = count;
  }

  /** Returns how many batches had a slot after the last pass of the drain. For any thread. */
  public int taken() {
    return taken.get();
  }

  public void publish() {
    taken.lazySet(count - free);
  }

  public boolean areAllFree() {
    return free == count && lent == 0;
  }

  public boolean isFree() {
    return free > 0;
  }

  /** Whether each free slot is reserved for a table that lacks one. */
  public boolean areOnlyReserved() {
    return free <= shares.owed();
  }

  /** A batch begins. */
  public void begin(InFlightBatch batch) {
    shares.begin(batch.lane().share);
    take(batch);
  }

  private void take(InFlightBatch batch) {
    free--;
    shares.slots(batch.lane().share, 1);
  }

  private void giveBack(InFlightBatch batch) {
    free++;
    shares.slots(batch.lane().share, -1);
  }

  /** A batch has ended. */
  public void ended(InFlightBatch batch) {
    shares.end(batch.lane().share);
    if (batch.hasLentSlot) {
      batch.hasLentSlot = false;
      lent--;
    } else {
      giveBack(batch);
    }
  }

  /** Gives slots back to batches that wait for theirs, before new batches get one. */
  public void serveLine() {
    for (Iterator<Wanted> all = line.iterator(); free > 0 && all.hasNext(); ) {
      Wanted wanted = all.next();
      InFlightBatch batch = wanted.batch;
      if (!batch.hasLentSlot) {
        all.remove();
        wanted.grant();
      } else if (shares.mayTake(batch.lane().share, free)) {
        all.remove();
        batch.hasLentSlot = false;
        lent--;
        take(batch);
        wanted.grant();
      }
    }
  }

  /** One more may be lent for each batch that waits to get its own back. */
  private void lend(InFlightBatch batch) {
    if (lent < count + line.size() && !batch.isSettled()) {
      batch.hasLentSlot = true;
      lent++;
      giveBack(batch);
    }
  }

  private void want(Wanted wanted) {
    if (wanted.batch.hasLentSlot) {
      line.add(wanted);
    } else {
      wanted.grant();
    }
  }

  /** A batch starts to wait for its next attempt. For any thread. */
  public void yieldSlot(InFlightBatch batch) {
    events.accept(
        new Command() {
          @Override
          public void run() {
            lend(batch);
          }
        });
  }

  /** Completes when the batch may make its next attempt. For any thread. */
  public Mono<Void> reacquire(InFlightBatch batch) {
    return Mono.defer(
        () -> {
          Wanted wanted = new Wanted(batch);
          events.accept(wanted);
          return wanted.granted.asMono();
        });
  }

  private final class Wanted extends Command {

    private final InFlightBatch batch;
    private final Sinks.Empty<Void> granted = Sinks.empty();

    Wanted(InFlightBatch batch) {
      this.batch = batch;
    }

    void grant() {
      batch.scheduler().schedule(granted::tryEmitEmpty);
    }

    @Override
    public void run() {
      want(this);
    }
  }
}
