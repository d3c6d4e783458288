package io.batchflow.micrometer;

import static io.batchflow.micrometer.Scenario.batchesOf;
import static io.batchflow.micrometer.Scenario.submit;
import static io.batchflow.micrometer.Scenario.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The limit of tables, and the meters of tables beyond it. */
class MicrometerTablesTest {

  private final Scenario run = new Scenario();

  private FlowMetrics upTo(int maxTables) {
    FlowMetrics metrics =
        FlowMetrics.builder("orders").maxTables(maxTables).freshness(Duration.ZERO).build();
    metrics.bindTo(run.registry);
    return metrics;
  }

  private static void row(BatchFlow flow, String table) {
    submit(flow.submit(table(table).row().set("id", 1)));
  }

  private Map<String, Integer> written() {
    run.registry.get("batchflow.capacity").gauge().value(); // a reading, which finds new tables
    Map<String, Integer> written = new TreeMap<>();
    for (Meter meter : run.registry.find("batchflow.ended").tag("outcome", "written").meters()) {
      written.put(meter.getId().getTag("table"), (int) ((FunctionCounter) meter).count());
    }
    return written;
  }

  @Test
  void theFirstTablesHaveMetersAndAllOthersShareThem() {
    BatchFlow flow = run.flow(batchesOf(1), upTo(2)).build();

    for (String table : new String[] {"a", "b", "c", "other", "a", "d"}) {
      row(flow, table);
    }

    assertThat(written()).isEqualTo(Map.of("a", 2, "b", 1, "other", 3));
    assertThat(run.registry.get("batchflow.batch.size").tag("table", "other").summary().count())
        .isEqualTo(3);
  }

  @Test
  void aTableWhoseNameIsOtherIsOneOfTheOthers() {
    BatchFlow flow = run.flow(batchesOf(1), upTo(5)).build();

    row(flow, "other");
    row(flow, "a");

    assertThat(written()).isEqualTo(Map.of("a", 1, "other", 1));
  }

  @Test
  void waitingRowsOfTheOthersAreCountedToo() {
    BatchFlow flow = run.flow(batchesOf(2), upTo(0)).build();

    row(flow, "a");
    run.pass(3);
    row(flow, "b");
    run.pass(1);

    assertThat(run.moved())
        .containsExactly(
            "batchflow.admitted{flow=orders table=other} count 2 submissions",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.concurrency{flow=orders} 4 batches",
            "batchflow.oldest.age{flow=orders table=other} 4 seconds",
            "batchflow.queued{flow=orders table=other} 2 rows");
  }

  @Test
  void tablesWithoutNumberDoNotGrowTheRegistryAndNoCountIsLost() {
    BatchFlow flow = run.flow(batchesOf(1), upTo(100)).build();
    int others = 0;
    int meters = 0;

    for (int i = 0; i < 100_000; i++) {
      row(flow, "t" + i);
      if (i == 99) {
        assertThat(written()).hasSize(100);
      }
      if (i % 10_000 == 9_999) {
        Map<String, Integer> written = written();
        assertThat(written).hasSize(101).containsEntry("t0", 1);
        assertThat(written.get("other")).isEqualTo(i + 1 - 100).isGreaterThan(others);
        others = written.get("other");
        meters = meters == 0 ? run.registry.getMeters().size() : meters;
      }
    }

    assertThat(run.registry.getMeters()).hasSize(meters);
    assertThat(meters).isEqualTo(12 + 101 * 39);
  }

  @Test
  void rowsTurnedAwayDoNotGrowItEither() {
    BatchFlow flow = run.flow(batchesOf(1), upTo(10)).build();
    submit(flow.close());

    for (int i = 0; i < 100_000; i++) {
      row(flow, "t" + i);
    }

    assertThat(run.registry.getMeters()).hasSize(12 + 11 * 39);
    assertThat(
            run.registry
                .get("batchflow.turned.away")
                .tag("table", "other")
                .tag("reason", "closed")
                .counter()
                .count())
        .isEqualTo(99_990);
  }

  /** A flow remembers 4,096 tables. The meters continue to count if it forgot one of them. */
  @Test
  void aForgottenTableCountsOn() {
    BatchFlow flow = run.flow(batchesOf(1), upTo(1)).build();
    for (int i = 0; i < 5; i++) {
      row(flow, "first");
    }
    assertThat(written()).isEqualTo(Map.of("first", 5));

    for (int round = 1; round <= 2; round++) {
      for (int i = 0; i < 5_000; i++) {
        row(flow, "t" + round + "_" + i);
      }
      assertThat(written()).isEqualTo(Map.of("first", 4 + round, "other", 5_000 * round));
      row(flow, "first");
      assertThat(written()).isEqualTo(Map.of("first", 5 + round, "other", 5_000 * round));
    }
  }

  @Test
  void whatNoReadingSawOfAForgottenTableIsCountedAmongTheOthers() {
    BatchFlow flow = run.flow(batchesOf(1), upTo(1)).build();

    for (int i = 0; i < 10_000; i++) {
      row(flow, "t" + i);
    }

    assertThat(written().values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(10_000);
  }
}
