package io.batchflow.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.spring.boot.web.PlainRequest.Exchange;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests that mean harm, over plain sockets. Other requests are served as usual. */
class HostileRequestsTest {

  /** How many at once; {@code -Dbatchflow.test.hostile=1000} in the nightly build. */
  private static final int AT_ONCE = Integer.getInteger("batchflow.test.hostile", 40);

  private static final int GOOD = 50;
  private static final int PART = 64 * 1024;
  private static final long GIB = 1L << 30;

  /** What the server and the sockets between may take of a request before it is ended. */
  private static final long FEW_BYTES = 64L << 20;

  private static final String POST =
      "POST /lines HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n";

  @SuppressWarnings("NullAway.Init")
  private static IngestServer server;

  private static long nextId;

  @BeforeAll
  static void start() {
    server = IngestServer.start("batchflow.web.ndjson.line-timeout=200ms");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Exchange send(String head, byte[] part, long parts) throws IOException {
    return PlainRequest.send(server.port(), head, part, parts);
  }

  @AfterEach
  void otherRequestsAreServed() throws IOException, InterruptedException {
    nextId++;
    assertThat(server.postJson("{\"id\":%d,\"text\":\"a\"}".formatted(nextId)).statusCode())
        .isEqualTo(201);
  }

  @Test
  void aLineOfOneGibibyteIsEndedEarly() throws IOException {
    byte[] part = new byte[PART];
    Arrays.fill(part, (byte) 'x');

    Exchange exchange =
        send(POST + "Content-Length: " + (GIB - 1) + "\r\n\r\n", part, GIB / PART - 1);

    assertThat(exchange.answer()).matches("|HTTP/1\\.1 413 .*");
    assertThat(exchange.sent()).isLessThan(FEW_BYTES);
  }

  @Test
  void aHundredThousandHeadersAreRefused() throws IOException {
    byte[] headers = "X-Header: x\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);

    Exchange exchange = send(POST, headers, 100);

    assertThat(exchange.answer()).matches("|HTTP/1\\.1 4(13|31) .*");
  }

  @Test
  void aCompressedBodyIsNotUnpacked() throws IOException {
    Exchange exchange =
        send(POST + "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n", new byte[4], 1);

    assertThat(exchange.answer()).startsWith("HTTP/1.1 415 ");
  }

  @Test
  void anUploadThatStopsIsEnded() throws IOException {
    Exchange exchange = send(POST + "Content-Length: 1000\r\n\r\n{\"id\":", new byte[0], 0);

    assertThat(exchange.answer()).startsWith("HTTP/1.1 408 ");
  }

  @Test
  void jsonOfAThousandLevelsIsAProblemOfItsLine() throws IOException, InterruptedException {
    String deep = "{\"id\":0,\"deep\":" + "[".repeat(1000) + "]".repeat(1000) + "}";

    assertThat(server.postLines("/lines", deep).body()).contains("\"status\":400", "nested");
    assertThat(server.postJson(deep).statusCode()).isEqualTo(400);
  }

  @Test
  void manyHostileRequestsAtOnceLeaveTheOthersAndTheHeapUnharmed() throws Exception {
    byte[] part = new byte[PART];
    Arrays.fill(part, (byte) 'x');
    byte[] header = "X-Header: x\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
    long before = liveHeap();
    List<Future<Exchange>> hostile = new ArrayList<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      for (int i = 0; i < AT_ONCE; i++) {
        int kind = i % 4;
        hostile.add(
            threads.submit(
                () ->
                    switch (kind) {
                      case 0 ->
                          send(POST + "Content-Length: " + GIB + "\r\n\r\n", part, GIB / PART);
                      case 1 -> send(POST, header, 100);
                      case 2 ->
                          send(
                              POST + "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n",
                              part,
                              1);
                      default -> send(POST + "Content-Length: 1000\r\n\r\n{\"id\":", part, 0);
                    }));
      }
      for (int i = 0; i < GOOD; i++) {
        otherRequestsAreServed();
      }
      for (Future<Exchange> each : hostile) {
        assertThat(each.get().answer()).matches("|HTTP/1\\.1 4(08|13|15|31) .*");
        assertThat(each.get().sent()).isLessThan(FEW_BYTES);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(liveHeap() - before).isLessThan(FEW_BYTES);
  }

  private static long liveHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
