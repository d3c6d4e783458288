package io.batchflow.micrometer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Bounded tag values, and meters that are registered while all are removed. */
public class MetersStress {

  private MetersStress() {}

  private static Registrar registrar(SimpleMeterRegistry registry) {
    return new Registrar(registry, new Histograms(false, List.of()), Tags.of("flow", "f"));
  }

  /** Two threads add the same table to the last place: both get the same name. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class SameTableAndOnePlace {
    private final BoundedTagValues names = new BoundedTagValues(1);
    private String one = "";
    private String two = "";

    @Actor
    public void ask() {
      one = names.of("orders");
    }

    @Actor
    public void askToo() {
      two = names.of("orders");
    }

    @Arbiter
    public void arbiter(L_Result result) {
      boolean same = one.equals("orders") && two.equals("orders");
      result.r1 =
          same && names.of("items").equals(BoundedTagValues.OTHER) ? "ok" : one + ", " + two;
    }
  }

  /** Two tables and one place: one of them gets it and keeps it. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class TwoTablesAndOnePlace {
    private final BoundedTagValues names = new BoundedTagValues(1);
    private String orders = "";
    private String items = "";

    @Actor
    public void ask() {
      orders = names.of("orders");
    }

    @Actor
    public void askToo() {
      items = names.of("items");
    }

    @Arbiter
    public void arbiter(L_Result result) {
      boolean one = orders.equals("orders") != items.equals("items");
      boolean kept = names.of("orders").equals(orders) && names.of("items").equals(items);
      result.r1 = one && kept ? "ok" : orders + ", " + items;
    }
  }

  /** A meter that is registered while all are removed is removed too. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RegisterAndRemove {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Registrar registrar = registrar(registry);

    @Actor
    public void register() {
      registrar.with("table", "orders").counter("batchflow.rows", "rows", "Rows");
    }

    @Actor
    public void remove() {
      registrar.removeAll();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      List<?> left = registry.getMeters();
      result.r1 = left.isEmpty() ? "ok" : left.size() + " left";
    }
  }
}
