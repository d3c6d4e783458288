package io.batchflow.benchmarks;

import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.annotation.Key;
import io.batchflow.table.RowMapper;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Makes a row of ten columns from a record: by its mapper, and by hand. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class RowsBenchmark {

  /** A record of ten columns, half of them primitive. */
  public record Reading(
      @Key long id,
      int device,
      String kind,
      double value,
      boolean valid,
      LocalDateTime takenAt,
      UUID batch,
      String unit,
      Instant receivedAt,
      long sequence) {}

  /** Readings to make rows from. */
  @State(Scope.Thread)
  public static class Readings {

    private final RowMapper<Reading> mapper = RowMapper.of(Reading.class);
    private final Schema schema = mapper.schema();
    private final Reading[] readings = new Reading[1_024];
    private int next;

    /** Creates the readings. */
    public Readings() {
      for (int i = 0; i < readings.length; i++) {
        readings[i] =
            new Reading(
                1_000_000L + i,
                1_000 + Events.deviceId(i),
                Events.kind(i),
                Events.value(i),
                i % 2 == 0,
                Events.createdAt(i),
                new UUID(i, i),
                "celsius",
                Instant.ofEpochSecond(i),
                2_000_000L + i);
      }
    }

    private Reading next() {
      return readings[next++ & 1_023];
    }
  }

  /** Sets the columns by their positions. */
  @Benchmark
  public Row positional(Readings given) {
    Reading reading = given.next();
    return given
        .schema
        .row()
        .set(0, reading.id())
        .set(1, reading.device())
        .set(2, reading.kind())
        .set(3, reading.value())
        .set(4, reading.valid())
        .set(5, reading.takenAt())
        .set(6, reading.batch())
        .set(7, reading.unit())
        .set(8, reading.receivedAt())
        .set(9, reading.sequence());
  }

  /** Lets the mapper of the record do it. */
  @Benchmark
  public Row mapped(Readings given) {
    Row row = given.schema.row();
    given.mapper.map(given.next(), row);
    return row;
  }
}
