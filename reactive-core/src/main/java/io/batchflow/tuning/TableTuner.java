package io.batchflow.tuning;

/**
 * Decides about the size of batches and the slots of one table. It has no timers and changes
 * nothing: it is told what happens, with the time, and asked for the present decision. Not
 * thread-safe.
 *
 * <p>Batches that end right after a change were sent before it, and do not count.
 */
final class TableTuner {

  private static final int LEAST_BATCHES = 32;

  /** A batch that takes so many times as long as expected is slow. */
  private static final double SLOW = 3;

  /** Within this factor, sizes are about the same. */
  private static final double SAME_SIZE = 1.1;

  private final Tuning tuning;
  private final CostModel costs = new CostModel();

  /** What batches cost while another number of slots is tried, which may make them slower. */
  private CostModel tried = costs;

  private final Period period = new Period();
  private final SlotSearch slots;
  private final SizeSearch sizes;
  private final Probe probe;

  private final Transition transition = new Transition();

  /** The number of slow batches in a row, and whether any batch has ended since the last look. */
  private int slow;

  private boolean ended;

  /** Whether nothing is known and no batch was full, with which a probe begins. */
  private boolean fresh;

  private int periods;

  TableTuner(Tuning tuning, int size, int slots) {
    this.tuning = tuning;
    this.slots = new SlotSearch(slots);
    this.sizes = new SizeSearch(tuning, size);
    this.probe = new Probe(tuning);
  }

  /** Continues with what was found earlier. */
  void resume(TuningState state) {
    slots.moveTo(state.slots());
    sizes.moveTo(state.rows(), slots());
    if (state.isFitted()) {
      costs.start(state.fixedNanos(), state.nanosPerRow(), state.rows());
    }
  }

  /** Begins the first period. */
  void begin(long now) {
    period.begin(now);
    fresh = !costs.isKnown();
  }

  /** Returns the most rows of a batch at present. */
  int limit() {
    return probe.isOn() ? probe.size() : size();
  }

  /** Returns the size that was found, from which probes may differ. */
  int size() {
    return sizes.size();
  }

  int slots() {
    return slots.slots();
  }

  /** Returns how many periods have ended with a decision. */
  int periods() {
    return periods;
  }

  CostModel costs() {
    return costs;
  }

  /** Sets what the flow and the policy of the table allow at present. */
  void bounds(int leastSlots, int mostSlots, long rows) {
    slots.bounds(Math.max(leastSlots, tuning.minSlots()), Math.min(mostSlots, tuning.maxSlots()));
    forgetTrial();
    sizes.room(rows, slots());
  }

  /** Somebody else has changed the policy. */
  void moveTo(int givenSize, int givenSlots) {
    slots.moveTo(givenSlots);
    forgetTrial();
    sizes.moveTo(givenSize, givenSlots);
    probe.end();
  }

  /** What was seen in a trial that was broken off does not count. */
  private void forgetTrial() {
    if (!slots.isTrying()) {
      tried = costs;
    }
  }

  /**
   * A batch was sent.
   *
   * @return whether the decision has changed
   */
  boolean sealed(int rows, long now) {
    period.sealed(rows, limit());
    if (probe.sealed(rows, slots(), now)) {
      endProbe();
      return true;
    }
    if (fresh && rows >= limit()) {
      fresh = false;
      beginProbe(now);
      return true;
    }
    return false;
  }

  private void endProbe() {
    probe.end();
    transition.mix(2 * slots());
  }

  /**
   * A batch was written at the first attempt.
   *
   * @return whether the decision has changed
   */
  boolean wrote(int rows, long nanos, long now) {
    ended = true;
    double times = costs.isKnown() ? nanos / Math.max(1, costs.predict(rows)) : 1;
    if (transition.isOn()) {
      transition.took(times);
      endedOtherwise(now);
      return false;
    }
    if (!transition.takeMixed()) {
      tried.add(rows, (double) nanos);
    }
    period.wrote(rows, nanos);
    slow = times >= SLOW && rows <= Probe.FACTOR * costs.largest() ? slow + 1 : 0;
    return slow > slots() && backOff();
  }

  /** A batch has ended, but its time tells nothing. */
  void endedOtherwise(long now) {
    ended = true;
    if (transition.ended()) {
      if (transition.timesAsLong() >= SLOW) {
        costs.restart(transition.timesAsLong());
      }
      slow = 0;
      period.begin(now);
    }
  }

  /**
   * A write failed because of others.
   *
   * @return whether the decision has changed
   */
  boolean troubled() {
    if (transition.isBackOff() || !period.troubled()) {
      return false;
    }
    int sent = slots();
    if (!slots.takeBack()) {
      return backOff();
    }
    forgetTrial();
    changed(sent, true);
    return true;
  }

  private boolean backOff() {
    changed(slots(), true);
    if (!slots.cut()) {
      sizes.cut(slots());
    }
    forgetTrial();
    probe.end();
    return true;
  }

  private void changed(int batches, boolean backOff) {
    transition.begin(batches, backOff);
    slow = 0;
  }

  /**
   * The time of a period is over. The period goes on if it had too few batches.
   *
   * @param inFlight whether batches are being written
   * @return whether the decision has changed
   */
  boolean end(boolean inFlight, long now) {
    boolean late = costs.isKnown() && SLOW * costs.predict(size()) < tuning.period().toNanos();
    boolean stuck = !ended && inFlight && late;
    boolean idle = !ended && !inFlight;
    ended = false;
    if (!transition.isBackOff() && (stuck || slow >= slots())) {
      return backOff();
    }
    int limitBefore = limit();
    int slotsBefore = slots();
    boolean decides = !transition.isBackOff() && period.batches() >= LEAST_BATCHES;
    if (probe.isOn() && (decides || idle)) {
      endProbe();
    }
    if (decides) {
      decide(now);
    }
    return limit() != limitBefore || slots() != slotsBefore;
  }

  /** Changes the slots only while the size stays: the effects of both could not be told apart. */
  private void decide(long now) {
    int sizeBefore = size();
    int slotsBefore = slots();
    boolean busy = period.isBusy(slotsBefore, now);
    if (slots.isTrying()) {
      endOfTrial(busy, now);
    } else {
      costs.fit();
    }
    if (!slots.isTrying() && slots() == slotsBefore) {
      sizes.next(costs, period, slotsBefore);
      boolean sameSize = size() <= SAME_SIZE * sizeBefore && sizeBefore <= SAME_SIZE * size();
      if (busy && sameSize) {
        slots.next(period, costs, now);
        tried = slots.isTrying() ? costs.fork() : costs;
      }
    }
    sizes.moveTo(size(), slots()); // the room is for as many as there are slots
    if (size() != sizeBefore || slots() != slotsBefore) {
      changed(slotsBefore, false);
    } else if (busy && (!costs.isSpread() || costs.fixed() == 0)) {
      beginProbe(now);
    }
    period.begin(now);
    periods++;
  }

  /** Learns from a trial, unless it was in vain. It goes on if there was too little to do. */
  private void endOfTrial(boolean busy, long now) {
    if (busy && !slots.judge(period, now)) {
      tried = costs;
      return;
    }
    if (busy && slots.isFewer()) {
      costs.slowedBy(period.slower(costs));
    }
    costs.merge(tried);
    costs.fit();
    tried = slots.isTrying() ? costs.fork() : costs;
  }

  private void beginProbe(long now) {
    int smaller = sizes.bounded((double) size() / Probe.FACTOR, slots());
    int larger = sizes.bounded((double) size() * Probe.FACTOR, slots());
    probe.begin(smaller * (Probe.FACTOR - 1) <= size() ? smaller : larger, now);
    transition.mix(2 * slots());
  }
}
