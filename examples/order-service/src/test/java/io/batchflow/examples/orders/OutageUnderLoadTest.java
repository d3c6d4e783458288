package io.batchflow.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.examples.orders.OrderLoad.Answer;
import io.batchflow.testservers.PostgresProcess;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/**
 * The database is killed under the load of many callers, and comes back. The nightly build waits
 * for 10 s with 2,000 callers.
 */
@Tag("server")
class OutageUnderLoadTest {

  private static final int CALLERS = Integer.getInteger("batchflow.test.callers", 500);
  private static final Duration OUTAGE =
      Duration.ofSeconds(Long.getLong("batchflow.test.outage", 3));

  /** Until the first order is stored after the database is back. */
  private static final Duration RECOVERY =
      Duration.ofSeconds(Long.getLong("batchflow.test.recovery", 300));

  private static final long MOST_GROWTH = 32L << 20;
  private static final Pattern LIVE = Pattern.compile("Total +\\d+ +(\\d+)");

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void answersAreHonestAndTheServiceRecoversByItself(@TempDir Path directory) throws Exception {
    try (PostgresProcess database = PostgresProcess.start(directory);
        ServiceProcess service =
            ServiceProcess.start(
                database.server(),
                "-Xmx256m",
                "--batchflow.defaults.health.down-after=1s",
                // A kept-alive connection may no longer be read: reactor-netty#4361, in 1.3.6.
                "--server.netty.max-keep-alive-requests=1")) {
      OrderLoad.stock(service);
      OrderLoad load = OrderLoad.start(service, CALLERS);
      load.await(CALLERS, answer -> answer.status() == 201);
      assertThat(health(service)).contains("\"status\":\"UP\"");

      database.kill();
      load.await(1, answer -> answer.status() == 503);
      awaitHealth(service, "DOWN");
      long early = liveHeap(service);
      Mono.delay(OUTAGE).block();
      long late = liveHeap(service);
      database.restart();
      Instant back = Instant.now();
      load.await(CALLERS, answer -> answer.status() == 201 && answer.at().isAfter(back));
      awaitHealth(service, "UP");
      load.stop();

      assertThat(load.answers(answer -> true).map(Answer::status).distinct())
          .isSubsetOf(201, 429, 503);
      assertThat(StoredOrders.withoutLine(database.server())).isEmpty();
      assertThat(StoredOrders.in(database.server()))
          .containsAll(load.stored())
          .isSubsetOf(load.sent())
          .doesNotContainAnyElementsOf(
              load.answers(OutageUnderLoadTest::isSaidNotToBeStored).map(Answer::order).toList());
      assertThat(late - early).as("growth of the live heap").isLessThan(MOST_GROWTH);
      Duration recovery = Duration.between(back, firstStoredAfter(load, back));
      System.out.println("First order after " + recovery.toMillis() + " ms");
      assertThat(recovery).isLessThan(RECOVERY);
      assertThat(service.isAlive()).isTrue();
    }
  }

  private static boolean isSaidNotToBeStored(Answer answer) {
    return answer.status() != 201 && !answer.body().contains("\"outcome\":\"UNKNOWN\"");
  }

  private static Instant firstStoredAfter(OrderLoad load, Instant time) {
    return load.answers(answer -> answer.status() == 201 && answer.at().isAfter(time))
        .map(Answer::at)
        .min(Instant::compareTo)
        .orElseThrow();
  }

  private String health(ServiceProcess service) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(service.uri("/actuator/health/batchFlow")).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private void awaitHealth(ServiceProcess service, String status) throws Exception {
    Instant end = Instant.now().plus(Duration.ofMinutes(5));
    String health = "";
    while (!health.contains("\"status\":\"" + status + "\"")) {
      assertThat(Instant.now()).as(health).isBefore(end);
      health = health(service);
    }
  }

  /** Returns the bytes that are in use after a collection of all garbage. */
  private static long liveHeap(ServiceProcess service) throws Exception {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(service.pid()),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher total = LIVE.matcher(histogram);
    assertThat(total.find()).as(histogram).isTrue();
    return Long.parseLong(total.group(1));
  }
}
