package io.batchflow.tuning;

/**
 * Looks for the number of slots from which more do not write more rows. A step of one slot is tried
 * for a period in which all slots are busy. Rows are weighted by the cost of their batches before
 * the step, so small differences of size do not matter. Not thread-safe.
 */
final class SlotSearch {

  /** The part of a slot's own work by which a further slot must raise the rate. */
  private static final double WORTH = 0.3;

  private static final double BACK_OFF = 0.7;

  /** How many times as long batches take if fewer slots are tried instead of more. */
  private static final double DEARER = 1.2;

  private static final int FIRST_PAUSE = 8;
  private static final int LONGEST_PAUSE = 64;

  private int least = 1;
  private int most;
  private int slots;

  /** 1 or -1 while a step is tried. */
  private int step;

  /** The last step that was worth it. */
  private int direction = 1;

  /** Whether it is known that one slot more, or one less, is not better. */
  private boolean moreTried;

  private boolean fewerTried;
  private int pause;
  private int nextPause = FIRST_PAUSE;

  /** The costs and the work before the step. */
  private double fixed;

  private double perRow;
  private double workBefore;

  SlotSearch(int slots) {
    this.slots = slots;
    this.most = slots;
  }

  int slots() {
    return slots;
  }

  /** Sets the bounds, which the policy of the table may change. */
  void bounds(int least, int most) {
    this.least = least;
    this.most = Math.max(least, most);
    if (slots < this.least || slots > this.most) {
      moveTo(Math.min(this.most, Math.max(this.least, slots)));
    }
  }

  /** Somebody else has changed the slots. */
  void moveTo(int given) {
    slots = given;
    step = 0;
    pause = 0;
    moreTried = false;
    fewerTried = false;
    direction = 1;
  }

  /** Whether a step is being tried. */
  boolean isTrying() {
    return step != 0;
  }

  /**
   * A period has ended in which a step was tried and all slots were busy. The step is kept if it
   * was worth it.
   *
   * @return whether it is kept
   */
  boolean judge(Period period, long now) {
    double change = period.work(fixed, perRow, now) / workBefore - 1;
    boolean worthIt = step > 0 ? change >= WORTH / (slots - 1) : change >= -WORTH / (slots + 1);
    if (worthIt) {
      direction = step;
      moreTried = step < 0;
      fewerTried = step > 0;
      nextPause = FIRST_PAUSE;
    } else {
      slots -= step;
      moreTried |= step > 0;
      fewerTried |= step < 0;
    }
    step = 0;
    return worthIt;
  }

  /** Whether the last step that was worth it took a slot away. */
  boolean isFewer() {
    return direction < 0;
  }

  /** A period has ended in which all slots were busy, and no step is being tried. */
  void next(Period period, CostModel costs, long now) {
    boolean more = !moreTried && slots < most;
    boolean fewer = !fewerTried && slots > least;
    if (pause > 0) {
      pause--;
      if (pause == 0) {
        tryAgain(isDearer(period, costs));
      }
    } else if (!more && !fewer) {
      pause = nextPause;
      nextPause = Math.min(LONGEST_PAUSE, 2 * nextPause);
    } else if (costs.isKnown()) {
      step = more && fewer ? direction : more ? 1 : -1;
      slots += step;
      fixed = costs.fixed();
      perRow = costs.perRow();
      workBefore = period.work(fixed, perRow, now);
    }
  }

  private void tryAgain(boolean withFewer) {
    moreTried &= withFewer;
    fewerTried &= !withFewer;
  }

  private boolean isDearer(Period period, CostModel costs) {
    double before = fixed + perRow * period.meanRows();
    return before > 0 && costs.predict(period.meanRows()) > DEARER * before;
  }

  /** Takes back the slot that is being tried, if there is one. Returns whether there was. */
  boolean takeBack() {
    if (step <= 0) {
      return false;
    }
    slots--;
    step = 0;
    moreTried = true;
    return true;
  }

  /** Takes a third of the slots away. Returns whether there is a slot less. */
  boolean cut() {
    int before = slots;
    slots = Math.max(least, (int) (BACK_OFF * slots));
    step = 0;
    direction = 1;
    moreTried = false;
    fewerTried = true;
    pause = 0;
    return slots < before;
  }
}
