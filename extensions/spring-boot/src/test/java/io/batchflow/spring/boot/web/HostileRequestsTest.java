package io.batchflow.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests that mean harm, over plain sockets. Other requests are served as usual. */
class HostileRequestsTest {

  private static final int PATIENCE_MILLIS = 60_000;
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

  @AfterEach
  void otherRequestsAreServed() throws IOException, InterruptedException {
    nextId++;
    assertThat(server.postJson("{\"id\":%d,\"text\":\"a\"}".formatted(nextId)).statusCode())
        .isEqualTo(201);
  }

  /**
   * The first line of the answer, and how much was sent until then. The line is empty if the
   * connection was reset, which may overtake an answer that comes before the request has ended.
   */
  private record Exchange(String answer, long sent) {}

  private static Exchange send(String head, byte[] part, long parts) throws IOException {
    long sent = 0;
    try (Socket socket = new Socket("localhost", server.port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      CompletableFuture<String> answer =
          CompletableFuture.supplyAsync(() -> HostileRequestsTest.firstLine(socket));
      try {
        OutputStream out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        for (long i = 0; i < parts && !answer.isDone(); i++) {
          out.write(part);
          sent += part.length;
        }
      } catch (IOException ended) {
        // The server has ended the connection.
      }
      return new Exchange(answer.join(), sent);
    }
  }

  private static String firstLine(Socket socket) {
    try {
      String line =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      return line == null ? "" : line;
    } catch (IOException reset) {
      return "";
    }
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
}
