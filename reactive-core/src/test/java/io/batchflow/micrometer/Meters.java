package io.batchflow.micrometer;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A registry as text: a line for each meter, with all that a backend would receive. */
final class Meters {

  /** Meters that tell the state of a table rather than what happened. */
  private static final Set<String> STATE = Set.of("batchflow.last.write", "batchflow.max.size");

  private Meters() {}

  /** Returns all meters, sorted. */
  static List<String> all(MeterRegistry registry) {
    return registry.getMeters().stream().map(Meters::line).sorted().toList();
  }

  /** Returns the meters with a value other than zero, sorted, but for those of {@link #STATE}. */
  static List<String> moved(MeterRegistry registry) {
    return registry.getMeters().stream()
        .filter(meter -> !STATE.contains(meter.getId().getName()))
        .filter(
            meter ->
                StreamSupport.stream(meter.measure().spliterator(), false)
                    .anyMatch(measurement -> measurement.getValue() != 0))
        .map(Meters::line)
        .sorted()
        .toList();
  }

  private static String line(Meter meter) {
    Meter.Id id = meter.getId();
    String tags =
        id.getTags().stream()
            .map(tag -> tag.getKey() + "=" + tag.getValue())
            .collect(Collectors.joining(" "));
    String values =
        StreamSupport.stream(meter.measure().spliterator(), false)
            .map(value -> label(value.getStatistic()) + number(value.getValue()))
            .collect(Collectors.joining(" "));
    return id.getName() + "{" + tags + "} " + values + " " + id.getBaseUnit();
  }

  private static String label(Statistic statistic) {
    boolean alone = statistic == Statistic.VALUE;
    return alone ? "" : statistic.name().toLowerCase(Locale.ROOT) + " ";
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    return new BigDecimal(value)
        .setScale(6, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }
}
