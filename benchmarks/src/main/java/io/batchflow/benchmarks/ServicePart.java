package io.batchflow.benchmarks;

import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A service over HTTP: rows through a flow beside one INSERT for each request. */
final class ServicePart implements Part {

  /**
   * How much is measured.
   *
   * @param length of a round of requests
   * @param lines of a body of NDJSON
   */
  record Size(int rounds, Duration length, int lines) {

    static final Size THOROUGH = new Size(5, Duration.ofSeconds(10), 500_000);

    static final Size QUICK = new Size(3, Duration.ofSeconds(2), 200_000);
  }

  private static final int CLIENTS = 64;
  private static final int CONNECTIONS = 10;
  private static final double LEAST_TO_PLAIN = 3;
  private static final double LEAST_LINES = 150_000;

  private final Size thorough;

  ServicePart() {
    this(Size.THOROUGH);
  }

  ServicePart(Size thorough) {
    this.thorough = thorough;
  }

  @Override
  public String name() {
    return "service";
  }

  @Override
  public String about() {
    return "a WebFlux service on PostgreSQL: a flow beside an INSERT a request";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    Size size = quick ? Size.QUICK : thorough;
    HttpLoad load = Wrk.find().orElseGet(HttpCalls::new);
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        Connection beside = database.connect();
        Statement statement = beside.createStatement()) {
      statement.execute(
          "CREATE TABLE events (id BIGINT PRIMARY KEY, source TEXT NOT NULL, kind TEXT NOT NULL)");
      try (ServiceJvm service =
          ServiceJvm.start(database.server().r2dbcUrl("postgresql", null), CONNECTIONS)) {
        List<Figure> figures = new ArrayList<>(requests(service, statement, load, size, out));
        figures.add(lines(service, statement, size, out));
        return figures;
      }
    } catch (Exception failure) {
      throw new IllegalStateException("The service part failed", failure);
    }
  }

  private static List<Figure> requests(
      ServiceJvm service, Statement statement, HttpLoad load, Size size, PrintWriter out)
      throws Exception {
    List<HttpLoad.Measured> none = new ArrayList<>();
    List<HttpLoad.Measured> plain = new ArrayList<>();
    List<HttpLoad.Measured> flow = new ArrayList<>();
    for (int round = 0; round <= size.rounds(); round++) {
      none.add(load.run(service.uri("/none"), CLIENTS, size.length()));
      plain.add(stored(service.uri("/plain"), statement, load, size));
      flow.add(stored(service.uri("/flow"), statement, load, size));
    }
    CpuProfile profile =
        CpuProfile.of(service.pid(), () -> stored(service.uri("/flow"), statement, load, size));
    // The first round warms up.
    return figures(
        none.subList(1, none.size()),
        plain.subList(1, plain.size()),
        flow.subList(1, flow.size()),
        profile,
        load,
        out);
  }

  private static HttpLoad.Measured stored(URI uri, Statement statement, HttpLoad load, Size size)
      throws Exception {
    statement.execute("TRUNCATE events");
    HttpLoad.Measured measured = load.run(uri, CLIENTS, size.length());
    checkStored(statement, measured.stored());
    return measured;
  }

  private static List<Figure> figures(
      List<HttpLoad.Measured> none,
      List<HttpLoad.Measured> plain,
      List<HttpLoad.Measured> flow,
      CpuProfile profile,
      HttpLoad load,
      PrintWriter out) {
    out.printf("%nPostgreSQL, %d clients by %s, an event a request%n", CLIENTS, load.name());
    double perSecond = median(flow, HttpLoad.Measured::perSecond);
    double ofPlain = median(plain, HttpLoad.Measured::perSecond);
    double ofNone = median(none, HttpLoad.Measured::perSecond);
    double p99 = median(plain, HttpLoad.Measured::p99);
    List<Figure> figures =
        List.of(
            figure("none", load, none, out),
            figure("plain", load, plain, out),
            figure("flow", load, flow, out)
                .atLeast("times_plain", perSecond / ofPlain, LEAST_TO_PLAIN)
                .with("of_none", perSecond / ofNone)
                .atMost("p99_ms", median(flow, HttpLoad.Measured::p99), p99)
                .with("batchflow_cpu_percent", profile.ours()));
    out.printf("The processors of the service with the flow: %s%n", profile);
    return figures;
  }

  private static Figure figure(
      String way, HttpLoad load, List<HttpLoad.Measured> rounds, PrintWriter out) {
    double requests = median(rounds, HttpLoad.Measured::perSecond);
    double p50 = median(rounds, HttpLoad.Measured::p50);
    double p99 = median(rounds, HttpLoad.Measured::p99);
    out.printf(
        Locale.ROOT,
        "%-8s %,10.0f requests/s  p50 %8.2f ms  p99 %8.2f ms%n",
        way,
        requests,
        p50,
        p99);
    out.flush();
    return new Figure("service")
        .with("backend", "PostgreSQL")
        .with("way", way)
        .with("clients", String.valueOf(CLIENTS))
        .with("load", load.name())
        .with("requests_s", requests)
        .with("p50_ms", p50)
        .with("p99_ms", p99)
        .none("wrong", rounds.stream().mapToLong(HttpLoad.Measured::wrong).sum());
  }

  private static Figure lines(ServiceJvm service, Statement statement, Size size, PrintWriter out)
      throws Exception {
    StringBuilder body = new StringBuilder();
    for (int line = 1; line <= size.lines(); line++) {
      body.append(Wrk.EVENT.formatted(line)).append('\n');
    }
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    List<Double> stored = new ArrayList<>();
    List<Double> read = new ArrayList<>();
    for (int round = 0; round <= size.rounds(); round++) {
      statement.execute("TRUNCATE events");
      double ofStored = size.lines() / seconds(service, "/lines", bytes);
      checkStored(statement, size.lines());
      double ofRead = size.lines() / seconds(service, "/bytes", bytes);
      if (round > 0) {
        stored.add(ofStored);
        read.add(ofRead);
      }
    }
    double rows = median(stored, Double::doubleValue);
    double limit = median(read, Double::doubleValue);
    out.printf(Locale.ROOT, "%nPostgreSQL, a body of %,d lines of NDJSON%n", size.lines());
    out.printf(Locale.ROOT, "stored   %,10.0f lines/s%n", rows);
    out.printf(Locale.ROOT, "read     %,10.0f lines/s%n", limit);
    out.flush();
    return new Figure("service")
        .with("backend", "PostgreSQL")
        .with("way", "ndjson")
        .with("lines", String.valueOf(size.lines()))
        .with("read_lines_s", limit)
        .atLeast("rows_s", rows, Math.min(LEAST_LINES, limit));
  }

  private static double seconds(ServiceJvm service, String path, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(service.uri(path))
            .version(HttpClient.Version.HTTP_1_1)
            .header("Content-Type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    long start = System.nanoTime();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(path + " was answered with " + answer.statusCode());
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** A load may end before its last answers, so there may be more rows. */
  private static void checkStored(Statement statement, long least) throws SQLException {
    try (ResultSet count = statement.executeQuery("SELECT count(*) FROM events")) {
      count.next();
      if (count.getLong(1) < least) {
        throw new IllegalStateException(
            "Of %d events that were answered as stored there are %d"
                .formatted(least, count.getLong(1)));
      }
    }
  }

  private static <T> double median(List<T> rounds, ToDoubleFunction<T> value) {
    double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
