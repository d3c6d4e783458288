package io.batchflow.tuning;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A table with a {@link TableTuner} and a model of a server, in time of its own. The server has
 * several workers. Each takes the next batch, for a fixed time and a time per row.
 */
final class Simulation {

  static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** What the server can do; may change meanwhile. */
  static final class Server {

    double fixed;
    double perRow;
    int workers;

    /** By which part each batch beyond the workers slows all down. */
    double contention;

    /** By which part times vary. */
    double noise;

    /** From which number of batches on it fails them; 0 for never. */
    int refusesBeyond;

    Server(double fixedMillis, double microsPerRow, int workers) {
      this.fixed = fixedMillis * 1e6;
      this.perRow = microsPerRow * 1e3;
      this.workers = workers;
    }

    double nanos(int rows) {
      return fixed + perRow * rows;
    }

    /** Returns the rows per second of a fixed setting under load. */
    double rate(int size, int slots) {
      double slowed = 1 + contention * Math.max(0, slots - workers);
      return (double) Math.min(slots, workers) * size * SECOND / (nanos(size) * slowed);
    }

    /** Returns the rows per second of the best fixed setting within bounds. */
    double best(Tuning tuning, int mostSlots) {
      double best = 0;
      for (int slots = 1; slots <= mostSlots; slots++) {
        for (int size = tuning.minRows(); size <= tuning.maxRows(); size++) {
          best = Math.max(best, rate(size, slots));
        }
      }
      return best;
    }
  }

  private record Sent(int rows, long at, long end, boolean fails) {}

  final Server server;
  final TableTuner tuner;
  final Random random;

  /** The slots after each period. */
  final List<Integer> slots = new ArrayList<>();

  /** Rows that arrive per second; 0 if there are always enough. */
  double arrivals;

  /** The least slots since it was set. */
  int leastSlots;

  long now;
  long rowsWritten;
  private double queued;
  private long nextTick = SECOND;
  private final PriorityQueue<Sent> inFlight =
      new PriorityQueue<>((one, other) -> Long.compare(one.end(), other.end()));
  private final Deque<Long> freeAt = new ArrayDeque<>();

  Simulation(Server server, Tuning tuning, int size, int slots, int mostSlots, long seed) {
    this.server = server;
    this.random = new Random(seed);
    this.tuner = new TableTuner(tuning, size, slots);
    tuner.bounds(1, mostSlots, Long.MAX_VALUE);
    tuner.begin(0);
  }

  /** Runs for so many periods: each lasts a second or longer, until it has enough batches. */
  void runPeriods(int periods) {
    int until = slots.size() + periods;
    while (slots.size() < until) {
      step();
    }
  }

  /** Returns the rows per second while it runs. */
  double rateDuring(int periods) {
    long rowsBefore = rowsWritten;
    long before = now;
    runPeriods(periods);
    return (rowsWritten - rowsBefore) * (double) SECOND / (now - before);
  }

  void runUntil(long end) {
    while (now < end) {
      step();
    }
  }

  private void step() {
    send();
    long next = nextTick;
    if (!inFlight.isEmpty()) {
      next = Math.min(next, inFlight.peek().end());
    }
    if (arrivals > 0 && inFlight.isEmpty()) {
      next = Math.min(next, now + Math.max(1, (long) (SECOND / arrivals)));
    }
    queued += arrivals * (next - now) / SECOND;
    now = next;
    while (!inFlight.isEmpty() && inFlight.peek().end() <= now) {
      end(inFlight.poll());
    }
    if (now >= nextTick) {
      nextTick += SECOND;
      tuner.end(!inFlight.isEmpty(), now);
      if (tuner.periods() > slots.size()) {
        slots.add(tuner.slots());
      }
    }
    leastSlots = Math.min(leastSlots, tuner.slots());
  }

  private void end(Sent sent) {
    if (sent.fails()) {
      tuner.troubled();
      tuner.endedOtherwise(now);
      return;
    }
    rowsWritten += sent.rows();
    tuner.wrote(sent.rows(), sent.end() - sent.at(), now);
  }

  private void send() {
    while (inFlight.size() < tuner.slots()) {
      boolean enough = arrivals == 0 || queued >= tuner.limit();
      if (!enough && (queued < 1 || !inFlight.isEmpty())) {
        return;
      }
      int rows = enough ? tuner.limit() : (int) queued;
      queued -= arrivals == 0 ? 0 : rows;
      tuner.sealed(rows, now);
      int others = inFlight.size() + 1;
      boolean fails = server.refusesBeyond > 0 && others > server.refusesBeyond;
      long end = fails ? now + (long) server.fixed : served(rows, others);
      inFlight.add(new Sent(rows, now, end, fails));
    }
  }

  private long served(int rows, int batchesNow) {
    while (freeAt.size() > server.workers) {
      freeAt.pollFirst();
    }
    long free = freeAt.size() < server.workers ? now : freeAt.pollFirst();
    double slowed = 1 + server.contention * Math.max(0, batchesNow - server.workers);
    double varied = 1 + server.noise * (2 * random.nextDouble() - 1);
    long end = Math.max(now, free) + (long) (server.nanos(rows) * slowed * varied);
    List<Long> all = new ArrayList<>(freeAt);
    all.add(end);
    all.sort(null);
    freeAt.clear();
    freeAt.addAll(all);
    return end;
  }
}
