package io.batchflow.spring.boot.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Requests over plain sockets, which need not be as HTTP wants them. */
final class PlainRequest {

  private static final int PATIENCE_MILLIS = 60_000;

  private PlainRequest() {}

  /**
   * The first line of the answer, and how much was sent until then. The line is empty if the
   * connection was reset, which may overtake an answer that comes before the request has ended.
   */
  record Exchange(String answer, long sent) {}

  /** Sends the head and then parts, until there is an answer. */
  static Exchange send(int port, String head, byte[] part, long parts) throws IOException {
    long sent = 0;
    try (Socket socket = new Socket("localhost", port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      CompletableFuture<String> answer = new CompletableFuture<>();
      new Thread(() -> answer.complete(firstLine(socket)), "answer").start();
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
}
