package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.testservers.TcpProxy;
import io.batchflow.testservers.TestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/**
 * Stores and deletes few keys through a proxy that plays the faults of {@link ProxyRuns}. Then
 * compares the table with the outcomes of the rows of each key.
 */
final class DeleteProxyRuns {

  private static final int KEYS = 200;
  private static final int PRODUCERS = 4;
  private static final int ROWS_PER_PRODUCER = 500;
  private static final int BATCH = 50;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** A value that no SQL table of these runs takes. */
  private static final String TOO_LONG = "x".repeat(100);

  private final FaultTarget target;
  private final Schema schema = FaultTarget.schema(ConflictStrategy.UPDATE);
  private final Map<OutcomeStatus, Integer> ends = new EnumMap<>(OutcomeStatus.class);
  private int nextId;
  private int retried;
  private int wrongKeys;
  private int unanswered;

  /**
   * A row for a key.
   *
   * @param position the place in the order of the submissions of its producer
   * @param value null for a row that deletes its key
   */
  private record Submitted(int id, int position, @Nullable String value) {

    Row row(Schema schema) {
      Row row = value == null ? schema.delete() : schema.row().set(1, value);
      return row.set(0, (long) id).tag(this);
    }

    static Submitted of(Outcome<Row> outcome) {
      return (Submitted) Objects.requireNonNull(outcome.row().tag(), "tag");
    }
  }

  /**
   * @param firstId the first unused id
   */
  DeleteProxyRuns(FaultTarget target, int firstId) {
    this.target = target;
    this.nextId = firstId;
  }

  /** Returns the number of ids that some schedules use. */
  static int ids(int schedules) {
    return schedules * KEYS;
  }

  Figure run(int schedules, PrintWriter out) throws IOException, SQLException {
    for (int seed = 0; seed < schedules; seed++) {
      int before = wrongKeys + unanswered;
      play(seed);
      if (wrongKeys + unanswered > before) {
        out.printf("%s deletes: seed %d has a wrong outcome%n", target.name(), seed);
      }
    }
    out.printf(
        Locale.ROOT,
        "%-12s seeds 0 to %d: %s, %,d of them retried; %d wrong keys, %d unanswered%n",
        target.name(),
        schedules - 1,
        ends,
        retried,
        wrongKeys,
        unanswered);
    out.flush();
    return new Figure("deletes")
        .with("fault", "proxy")
        .with("backend", target.name())
        .with("rows", String.valueOf(schedules * PRODUCERS * ROWS_PER_PRODUCER))
        .with("unknown", String.valueOf(ends.getOrDefault(OutcomeStatus.UNKNOWN, 0)))
        .atLeast("retried", retried, 1)
        .none("unanswered", unanswered)
        .none("wrong_keys", wrongKeys);
  }

  private void play(int seed) throws IOException, SQLException {
    TestServer server = target.server().server();
    int from = nextId;
    nextId += KEYS;
    try (TcpProxy proxy = TcpProxy.before(server.host(), server.port())) {
      BatchFlow flow = flow(proxy.port(), seed);
      Random faults = new Random(seed);
      Thread disturbance = new Thread(() -> ProxyRuns.disturb(proxy, faults), "faults");
      disturbance.start();
      List<Outcome<Row>> outcomes =
          Flux.range(0, PRODUCERS)
              .flatMap(producer -> flow.submitAll(rows(from, producer, seed)))
              .collectList()
              .blockOptional(PATIENCE)
              .orElseThrow();
      flow.close().onErrorComplete().block(PATIENCE);
      count(outcomes);
      wrongKeys += wrongKeys(histories(outcomes, from), from);
    }
  }

  /** Every other flow gives up after one retry, so that some outcomes are unknown. */
  private BatchFlow flow(int port, int seed) {
    RetryBackoffSpec retry =
        seed % 2 == 0
            ? Retry.backoff(100, Duration.ofMillis(5)).maxBackoff(Duration.ofMillis(50))
            : Retry.fixedDelay(1, Duration.ofMillis(5));
    return BatchFlow.builder(target.writer(port))
        .defaultPolicy(BatchPolicy.builder().maxSize(BATCH).build())
        .retry(retry)
        .writeTimeout(Duration.ofMillis(500))
        .writeGrace(Duration.ofMillis(200))
        .build();
  }

  /** Each key has one producer. A third of the rows deletes, and a few are bad. */
  private Flux<Row> rows(int from, int producer, int seed) {
    Random random = new Random(seed * 31L + producer);
    List<Submitted> submitted = new ArrayList<>();
    for (int position = 0; position < ROWS_PER_PRODUCER; position++) {
      int id = from + random.nextInt(KEYS / PRODUCERS) * PRODUCERS + producer;
      String value =
          random.nextInt(3) == 0
              ? null
              : random.nextInt(60) == 0 ? TOO_LONG : "value " + seed + " " + position;
      submitted.add(new Submitted(id, position, value));
    }
    return Flux.fromIterable(submitted)
        // Pauses, so that rows are in flight as long as there are faults.
        .delayUntil(each -> each.position() % 20 == 0 ? ProxyRuns.pause() : Flux.empty())
        .map(each -> each.row(schema));
  }

  private void count(List<Outcome<Row>> outcomes) {
    unanswered += PRODUCERS * ROWS_PER_PRODUCER - outcomes.size();
    for (Outcome<Row> outcome : outcomes) {
      ends.merge(outcome.status(), 1, Integer::sum);
      WriteResult result = outcome.result();
      retried += result != null && result.attempts() > 1 ? 1 : 0;
    }
  }

  private static List<KeyHistory> histories(List<Outcome<Row>> outcomes, int from) {
    List<KeyHistory> histories = Stream.generate(KeyHistory::new).limit(KEYS).toList();
    outcomes.stream()
        .sorted(Comparator.comparingInt(outcome -> Submitted.of(outcome).position()))
        .forEach(
            outcome -> {
              Submitted row = Submitted.of(outcome);
              histories.get(row.id() - from).add(row.value(), outcome.status());
            });
    return histories;
  }

  private int wrongKeys(List<KeyHistory> histories, int from) throws SQLException {
    @Nullable String[] stored = new @Nullable String[KEYS];
    target.read(from, from + KEYS, (value, id) -> stored[id - from] = value);
    int wrong = 0;
    for (int key = 0; key < KEYS; key++) {
      wrong += histories.get(key).allows(stored[key]) ? 0 : 1;
    }
    return wrong;
  }
}
