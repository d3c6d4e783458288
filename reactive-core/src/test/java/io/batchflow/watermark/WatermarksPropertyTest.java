package io.batchflow.watermark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Watermarks equal those of a model that looks at every position of a partition. */
class WatermarksPropertyTest {

  private static final int PARTITIONS = 3;

  private enum Kind {
    OPEN,
    PASS,
    SKIP,
    ASSIGN,
    REVOKE
  }

  /**
   * One step.
   *
   * @param number the gap before a position, or which of all positions passes
   */
  record Step(Kind kind, int partition, int number) {}

  /** What a partition went through: whether each record has passed, by its position. */
  private static final class Model {
    private final NavigableMap<Long, Boolean> records = new TreeMap<>();
    private long end;

    Model(long start) {
      end = start;
    }

    long watermark() {
      return records.entrySet().stream()
          .filter(record -> !record.getValue())
          .map(Map.Entry::getKey)
          .findFirst()
          .orElse(end);
    }

    int pending() {
      return (int) records.values().stream().filter(passed -> !passed).count();
    }
  }

  private record Opened(OpenPosition<Integer> position, Model model) {}

  private final Watermarks<Integer> marks = Watermarks.create();
  private final Map<Integer, Model> models = new HashMap<>();
  private final List<Opened> opened = new ArrayList<>();

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(10, Kind.OPEN),
            Tuple.of(10, Kind.PASS),
            Tuple.of(2, Kind.SKIP),
            Tuple.of(1, Kind.ASSIGN),
            Tuple.of(1, Kind.REVOKE));
    return Combinators.combine(
            kinds,
            Arbitraries.integers().between(0, PARTITIONS - 1),
            Arbitraries.integers().between(0, 1_000))
        .as(Step::new)
        .list()
        .ofMaxSize(120);
  }

  @Property(tries = 1_000, seed = "20261128")
  void theWatermarkIsTheFirstPositionThatHasNotPassed(@ForAll("steps") List<Step> steps) {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      assign(partition, 0);
    }
    for (Step step : steps) {
      run(step);
      for (int partition = 0; partition < PARTITIONS; partition++) {
        compare(partition);
      }
    }
  }

  private void run(Step step) {
    Model model = models.get(step.partition);
    switch (step.kind) {
      case ASSIGN -> assign(step.partition, step.number);
      case REVOKE -> {
        assertThat(marks.revoke(step.partition).isPresent()).isEqualTo(model != null);
        models.remove(step.partition);
      }
      case PASS -> {
        if (!opened.isEmpty()) {
          Opened one = opened.get(step.number % opened.size());
          one.position.pass();
          one.model.records.put(one.position.position(), true);
        }
      }
      case OPEN -> {
        if (model != null) {
          long position = model.end + step.number % 4;
          opened.add(new Opened(marks.open(step.partition, position), model));
          model.records.put(position, false);
          model.end = position + 1;
        }
      }
      case SKIP -> {
        if (model != null) {
          long position = Math.max(0, model.end - 2 + step.number % 5);
          marks.skipTo(step.partition, position);
          model.end = Math.max(model.end, position);
        }
      }
    }
  }

  private void assign(int partition, long position) {
    marks.assign(partition, position);
    models.put(partition, new Model(position));
  }

  private void compare(int partition) {
    Model model = models.get(partition);
    if (model == null) {
      assertThat(marks.watermark(partition)).isEmpty();
      assertThat(marks.watermarks()).doesNotContainKey(partition);
    } else {
      assertThat(marks.watermark(partition)).hasValue(model.watermark());
      assertThat(marks.watermarks()).containsEntry(partition, model.watermark());
      assertThat(marks.pending(partition)).isEqualTo(model.pending());
    }
  }
}
