package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Several producers store and delete few keys. Each key has one producer, so that its last row is
 * known. Checks that the table equals that model. Then does so through a proxy that disturbs.
 */
final class DeletesPart implements Part {

  private static final int KEYS = 10_000;
  private static final int PRODUCERS = 8;
  private static final int THOROUGH = 1_000_000;
  private static final int QUICK = 40_000;
  private static final int THOROUGH_SCHEDULES = 300;
  private static final int QUICK_SCHEDULES = 4;

  /** The only way whose network a quick run disturbs. */
  private static final String QUICK_WAY = "PostgreSQL";

  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private static final List<FaultTargets.Open<? extends StoredTable>> BACKENDS =
      List.of(
          FaultTargets::postgres, FaultTargets::mariaDb, FaultTargets::sqlite, FaultTargets::redis);

  @Option(
      names = "--schedules",
      paramLabel = "N",
      description = "deletes: the number of schedules of faults for each driver. Default: 300.")
  private @Nullable Integer wanted;

  /** The last value of each key; null if it was deleted. Each producer writes its own keys. */
  private static final class Model {

    private final @Nullable String[] values = new @Nullable String[KEYS];
    private final AtomicInteger deletes = new AtomicInteger();
  }

  @Override
  public String name() {
    return "deletes";
  }

  @Override
  public String about() {
    return "upserts and deletes of few keys: does the last row of each key win";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    List<Figure> figures = new ArrayList<>();
    for (FaultTargets.Open<? extends StoredTable> backend : BACKENDS) {
      try (StoredTable table = backend.in(Files.createTempDirectory("deletes"))) {
        figures.add(run(quick ? QUICK : THOROUGH, table, out));
        figures.addAll(disturbed(quick, table, out));
      } catch (Exception failure) {
        throw new IllegalStateException("The deletes part failed", failure);
      }
    }
    return figures;
  }

  private List<Figure> disturbed(boolean quick, StoredTable table, PrintWriter out)
      throws IOException, SQLException {
    int schedules = wanted != null ? wanted : quick ? QUICK_SCHEDULES : THOROUGH_SCHEDULES;
    List<Figure> figures = new ArrayList<>();
    int firstId = KEYS;
    for (FaultTarget way : FaultTargets.ways(table)) {
      if (schedules == 0 || (quick && !way.name().equals(QUICK_WAY))) {
        continue;
      }
      figures.add(new DeleteProxyRuns(way, firstId).run(schedules, out));
      firstId += DeleteProxyRuns.ids(schedules);
    }
    return figures;
  }

  private static Figure run(int rows, StoredTable table, PrintWriter out) throws SQLException {
    BatchWriter writer = TargetWriters.open(table.url());
    BatchFlow flow = BatchFlow.builder(writer).build();
    Model model = new Model();
    long start = System.nanoTime();
    long written =
        Flux.range(0, PRODUCERS)
            .flatMap(
                producer ->
                    flow.submitAll(rows(model, producer, rows / PRODUCERS))
                        .filter(Outcome::isWritten)
                        .count()
                        .subscribeOn(Schedulers.boundedElastic()))
            .reduce(0L, Long::sum)
            .blockOptional(PATIENCE)
            .orElse(0L);
    double seconds = (System.nanoTime() - start) / 1e9;
    long merged = flow.stats().merged();
    flow.close().block(PATIENCE);
    int wrong = wrongKeys(table, model);
    out.printf(
        Locale.ROOT, "%-12s %,12d rows %8.1f s %,8d wrong%n", table.name(), rows, seconds, wrong);
    out.flush();
    return new Figure("deletes")
        .with("backend", table.name())
        .with("rows", String.valueOf(rows))
        .with("deletes", String.valueOf(model.deletes.get()))
        .with("merged", String.valueOf(merged))
        .with("seconds", seconds)
        .none("not_written", rows - written)
        .none("wrong_keys", wrong);
  }

  /** Two rows of three are stored. */
  private static Flux<Row> rows(Model model, int producer, int count) {
    Schema schema = FaultTarget.schema(ConflictStrategy.UPDATE);
    return Flux.defer(
        () -> {
          Random random = new Random(producer);
          return Flux.range(0, count)
              .map(
                  i -> {
                    int id = random.nextInt(KEYS / PRODUCERS) * PRODUCERS + producer;
                    boolean delete = random.nextInt(3) == 0;
                    model.values[id] = delete ? null : "value " + producer + " " + i;
                    model.deletes.addAndGet(delete ? 1 : 0);
                    return delete
                        ? schema.delete().set(0, (long) id)
                        : schema.row().set(0, (long) id).set(1, model.values[id]);
                  });
        });
  }

  private static int wrongKeys(StoredTable table, Model model) throws SQLException {
    @Nullable String[] stored = new @Nullable String[KEYS];
    table.read(0, KEYS, (value, id) -> stored[id] = value);
    int wrong = 0;
    for (int id = 0; id < KEYS; id++) {
      wrong += Objects.equals(stored[id], model.values[id]) ? 0 : 1;
    }
    return wrong;
  }
}
