package io.batchflow.quota;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a row or a unit takes of the allowances that apply to it. For one thread at a time. */
final class Charge {

  private record Part(Scope scope, Allowance allowance, long rows, long bytes) {}

  private final List<Part> parts = new ArrayList<>(4);
  private long wait;
  private @Nullable Scope scope;

  void add(Scope scope, @Nullable Allowance allowance, long rows, long bytes) {
    if (allowance != null) {
      parts.add(new Part(scope, allowance, rows, bytes));
    }
  }

  /**
   * Takes from all allowances, unless the wait would be too long.
   *
   * @return whether it was not too long
   */
  boolean take(long maxWait) {
    for (Part part : parts) { // a look first, as what is taken delays others until it is given back
      atLeast(part.allowance.waitFor(part.rows, part.bytes), part.scope);
    }
    if (wait > maxWait) {
      return false;
    }
    wait = 0;
    scope = null;
    for (Part part : parts) {
      atLeast(part.allowance.take(part.rows, part.bytes), part.scope);
    }
    if (wait > maxWait || wait == Tokens.NEVER) {
      giveBack();
      return false;
    }
    return true;
  }

  private void atLeast(long nanos, Scope by) {
    if (nanos > wait) {
      wait = nanos;
      scope = by;
    }
  }

  void giveBack() {
    parts.forEach(part -> part.allowance.giveBack(part.rows, part.bytes));
  }

  /** Returns for how many nanoseconds to wait, or when to come back. */
  long nanos() {
    return wait;
  }

  /** Returns for whose quota; null if there is no wait. */
  @Nullable Scope scope() {
    return scope;
  }
}
