package io.batchflow.internal.lane;

import static io.batchflow.OutcomeStatus.WRITTEN;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.batchflow.BatchPolicy;
import io.batchflow.Rows;
import io.batchflow.stats.Ledger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import reactor.core.CoreSubscriber;

/** Statistics of a table, read by other threads while rows arrive and end. */
public class StatsStress {

  private StatsStress() {}

  private static final class ArrivedRow extends Submission {

    ArrivedRow() {
      super(Rows.event(1), QUEUED);
    }

    @Override
    public int deliveryMillis() {
      return 0;
    }

    @Override
    public CoreSubscriber<?> caller() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void tell(long sealedAt) {}
  }

  /** Rows arrive and end: an account never shows more ends than rows. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class LookWhileRowsEnd {
    private final Lane lane = new Lane(Rows.EVENTS, BatchPolicy.defaults(), 1);

    @Actor
    public void drain() {
      for (int i = 0; i < 10; i++) {
        lane.admitted(new ArrivedRow());
        lane.account.ended(WRITTEN, 1);
      }
    }

    @Actor
    public void look(L_Result result) {
      result.r1 = "ok";
      for (int i = 0; i < 10; i++) {
        Ledger seen = lane.stats(false, 0).ledger();
        if (seen.pending() < 0) {
          result.r1 = seen.toString();
        }
      }
    }
  }
}
