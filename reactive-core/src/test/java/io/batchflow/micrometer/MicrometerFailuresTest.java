package io.batchflow.micrometer;

import static io.batchflow.micrometer.Scenario.batchesOf;
import static io.batchflow.micrometer.Scenario.event;
import static io.batchflow.micrometer.Scenario.submit;
import static io.batchflow.micrometer.Scenario.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import reactor.util.retry.Retry;

/** The names under which failures are counted, and their limit. */
class MicrometerFailuresTest {

  /** Three more than the limit of names. */
  private static final List<String> CLASSES =
      List.of(
          """
          lang.ArithmeticException lang.ArrayIndexOutOfBoundsException lang.ArrayStoreException
          lang.ClassCastException lang.ClassNotFoundException lang.CloneNotSupportedException
          lang.IllegalAccessException lang.IllegalArgumentException lang.IllegalCallerException
          lang.IllegalMonitorStateException lang.IllegalStateException
          lang.IllegalThreadStateException lang.IndexOutOfBoundsException
          lang.InstantiationException lang.InterruptedException lang.LayerInstantiationException
          lang.NegativeArraySizeException lang.NoSuchFieldException lang.NoSuchMethodException
          lang.NullPointerException lang.NumberFormatException lang.SecurityException
          lang.StringIndexOutOfBoundsException lang.UnsupportedOperationException
          io.CharConversionException io.EOFException io.FileNotFoundException io.IOException
          io.InterruptedIOException io.NotSerializableException io.SyncFailedException
          io.UTFDataFormatException io.UnsupportedEncodingException net.BindException
          net.ConnectException
          """
              .split("\\s+"));

  private final Scenario run = new Scenario();
  private final FlowMetrics metrics =
      FlowMetrics.builder("orders").maxTables(2).freshness(Duration.ZERO).build();

  private BatchFlow flow() {
    metrics.bindTo(run.registry);
    return run.flow(batchesOf(1), metrics).retry(Retry.fixedDelay(0, Duration.ZERO)).build();
  }

  private Collection<Counter> failures() {
    return run.registry.find("batchflow.failures").counters();
  }

  private Set<String> tags(String key) {
    return failures().stream().map(one -> one.getId().getTag(key)).collect(Collectors.toSet());
  }

  @Test
  void theFirstNamesOfFailuresStandAndAllOthersShareOne() throws ReflectiveOperationException {
    BatchFlow flow = flow();
    int writes = 1_000;

    for (int i = 0; i < writes; i++) {
      Class<?> type = Class.forName("java." + CLASSES.get(i % CLASSES.size()));
      Object failure = type.getConstructor(String.class).newInstance("s3cr3t");
      run.writer.failing(i + 1, (Throwable) failure);
      submit(flow.submit(table("t" + i).row().set("id", i)));
    }

    assertThat(tags("error"))
        .hasSize(33)
        .contains("ArithmeticException", "SyncFailedException", "other")
        .doesNotContain("ConnectException");
    assertThat(tags("table")).containsExactlyInAnyOrder("t0", "t1", "other");
    assertThat(failures()).hasSizeLessThanOrEqualTo(3 * 33);
    assertThat(failures().stream().mapToDouble(Counter::count).sum()).isEqualTo(writes);
    assertThat(run.all()).allSatisfy(line -> assertThat(line).doesNotContain("s3cr3t"));
  }

  @Test
  void aFailureWithoutANameHasThatOfItsClassAbove() {
    run.writer.failing(1, new IllegalStateException("s3cr3t") {});

    submit(flow().submit(event(1, "a")));

    assertThat(tags("error")).containsExactly("IllegalStateException");
  }

  @Test
  void closingTakesThemToo() {
    run.writer.failing(1, new IllegalStateException());
    submit(flow().submit(event(1, "a")));
    assertThat(failures()).hasSize(1);

    metrics.close();

    assertThat(run.all()).isEmpty();
  }
}
