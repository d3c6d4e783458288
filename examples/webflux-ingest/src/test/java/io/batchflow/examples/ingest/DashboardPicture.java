package io.batchflow.examples.ingest;

import io.batchflow.examples.ingest.Dashboard.Panel;
import io.batchflow.examples.ingest.Dashboard.Query;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * Draws the main panels of the dashboard from a run of three minutes. During the run the database
 * stalls once and fails once. The build does not run it: docs/monitoring.md has the command.
 */
class DashboardPicture {

  private static final List<String> PANELS =
      List.of(
          "Rows by outcome",
          "Rows in the flow",
          "Time to durable",
          "Oldest row",
          "Write time",
          "Batch size",
          "Why windows close",
          "Turned away");

  private static final int COLUMNS = 2;
  private static final int WIDTH = 620;
  private static final int HEIGHT = 250;
  private static final Duration LENGTH = Duration.ofMinutes(3);
  private static final Color GREEN = new Color(0x56A64B);
  private static final Color RED = new Color(0xE02F44);
  private static final Color[] OTHERS = {
    new Color(0x3274D9), new Color(0xE0B400), new Color(0xA352CC), new Color(0xFF780A)
  };

  /** Fixed colors for series that mean something good or bad. Other series take turns. */
  private static final Map<String, Color> COLORS =
      Map.of("written", GREEN, "rejected", RED, "capacity", RED, "full", RED);

  private long nextId;

  @Test
  void draw(@TempDir Path directory) throws IOException, InterruptedException {
    try (Service service =
            Service.start(
                "--batchflow.flows.events.health.down-after=5s",
                "--batchflow.flows.events.max-pending=1500",
                "--batchflow.flows.events.policy.max-size=500");
        Prometheus prometheus = Prometheus.start(directory, service)) {
      Instant start = Instant.now();
      Mono.when(
              load(service, 4_000, LENGTH).delaySubscription(Duration.ofSeconds(5)),
              Mono.delay(Duration.ofSeconds(60)).then(standstill(service)),
              Mono.delay(Duration.ofSeconds(100))
                  .then(sql(service, "ALTER TABLE events RENAME TO lost"))
                  .delayElement(Duration.ofSeconds(12))
                  .then(sql(service, "ALTER TABLE lost RENAME TO events")),
              load(service, 25_000, Duration.ofSeconds(25))
                  .delaySubscription(Duration.ofSeconds(140)))
          .block();
      paint(prometheus, start.plusSeconds(10), start.plus(LENGTH));
    }
  }

  /** Sends events in waves. One in a thousand is a duplicate. */
  private Mono<Void> load(Service service, int perSecond, Duration length) {
    Flux<String> events =
        Flux.interval(Duration.ofMillis(20))
            .take(length)
            .onBackpressureDrop()
            .concatMapIterable(tick -> events((int) (perSecond * wave(tick) / 50)));
    return WebClient.create("http://localhost:" + service.port())
        .post()
        .uri("/events/stream")
        .contentType(MediaType.APPLICATION_NDJSON)
        .body(events, String.class)
        .retrieve()
        .bodyToFlux(String.class)
        .then();
  }

  private static double wave(long tick) {
    return 1 + 0.5 * Math.sin(tick / 250.0);
  }

  private List<String> events(int number) {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      boolean again = nextId > 0 && ThreadLocalRandom.current().nextInt(1_000) == 0;
      long id = again ? ThreadLocalRandom.current().nextLong(nextId) : nextId++;
      events.add("{\"id\":%d,\"source\":\"web\",\"kind\":\"click\"}\n".formatted(id));
    }
    return events;
  }

  /** Stalls the database: in H2's exclusive mode all other connections wait. */
  private static Mono<Void> standstill(Service service) {
    return Mono.usingWhen(
        ConnectionFactories.get(service.url()).create(),
        connection ->
            Flux.from(connection.createStatement("SET EXCLUSIVE 1").execute())
                .then(Mono.delay(Duration.ofSeconds(8)))
                .then(),
        Connection::close);
  }

  private static Mono<Long> sql(Service service, String sql) {
    return Mono.fromCallable(() -> service.sql(sql)).subscribeOn(Schedulers.boundedElastic());
  }

  private static void paint(Prometheus prometheus, Instant from, Instant to)
      throws IOException, InterruptedException {
    List<Panel> all = Dashboard.panels();
    List<XYChart> charts = new ArrayList<>();
    for (String title : PANELS) {
      Panel panel =
          all.stream()
              .filter(one -> one.title().equals(title) && one.type().equals("timeseries"))
              .findFirst()
              .orElseThrow();
      charts.add(chart(panel, prometheus, from, to));
    }
    BitmapEncoder.saveBitmap(
        charts,
        charts.size() / COLUMNS,
        COLUMNS,
        Prometheus.FILES.resolve("dashboard.png").toString(),
        BitmapFormat.PNG);
  }

  @SuppressWarnings("JavaUtilDate") // the time axis of the chart accepts no other type
  private static XYChart chart(Panel panel, Prometheus prometheus, Instant from, Instant to)
      throws IOException, InterruptedException {
    XYChart chart = new XYChartBuilder().title(panel.title()).width(WIDTH).height(HEIGHT).build();
    style(chart.getStyler(), panel.unit());
    for (Query query : panel.queries()) {
      for (JsonNode series : prometheus.query(query.expression(), from, to)) {
        List<Date> times = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (JsonNode point : series.path("values")) {
          times.add(new Date((point.path(0).asLong() - from.getEpochSecond()) * 1_000));
          values.add(Double.parseDouble(point.path(1).asString()));
        }
        if (values.stream().anyMatch(value -> value > 0)) {
          String name = legend(query.legend(), series.path("metric"));
          Color color = COLORS.getOrDefault(name, OTHERS[chart.getSeriesMap().size() % 4]);
          XYSeries line = chart.addSeries(name, times, values);
          if (!name.equals("capacity")) {
            line.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Area);
          }
          line.setFillColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 28));
          line.setLineColor(color);
          line.setMarker(SeriesMarkers.NONE);
          line.setLineWidth(1.6f);
        }
      }
    }
    return chart;
  }

  private static String legend(String pattern, JsonNode labels) {
    return Pattern.compile("\\{\\{(\\w+)}}")
        .matcher(pattern)
        .replaceAll(match -> labels.path(match.group(1)).asString());
  }

  private static void style(XYStyler styler, String unit) {
    styler
        .setChartBackgroundColor(Color.WHITE)
        .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14))
        .setChartTitleBoxVisible(false)
        .setLegendPosition(Styler.LegendPosition.OutsideS)
        .setLegendLayout(Styler.LegendLayout.Horizontal)
        .setLegendBorderColor(Color.WHITE)
        .setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12))
        .setPlotBorderVisible(false);
    styler
        .setPlotGridLinesColor(new Color(0xE6E6E6))
        .setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11))
        .setDatePattern("m:ss")
        .setTimezone(TimeZone.getTimeZone("UTC"))
        .setYAxisMin(0.0)
        .setYAxisDecimalPattern(
            switch (unit) {
              case "s" -> "0.### s";
              case "rowsps", "ops" -> "#,##0.## /s";
              default -> "#,##0.##";
            });
  }
}
