package io.batchflow.examples.orders;

import io.batchflow.testservers.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service in a process of its own, as its users run it. */
final class ServiceProcess implements AutoCloseable {

  private static final Pattern STARTED = Pattern.compile("Netty started on port (\\d+)");
  private static final int PATIENCE_SECONDS = 120;

  private final Process process;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Integer> port = new CompletableFuture<>();

  private ServiceProcess(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "service-log");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts the service and waits until it serves. Further options begin with -X or --. */
  static ServiceProcess start(TestServer database, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    List.of(options).stream().filter(option -> !option.startsWith("--")).forEach(command::add);
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(OrderApplication.class.getName());
    command.add("--server.port=0");
    command.add("--spring.r2dbc.url=" + database.r2dbcUrl("postgresql", null));
    List.of(options).stream().filter(option -> option.startsWith("--")).forEach(command::add);
    ServiceProcess service =
        new ServiceProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
    service.port.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return service;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.add(line);
        Matcher started = STARTED.matcher(line);
        if (started.find()) {
          port.complete(Integer.parseInt(started.group(1)));
        }
      }
    } catch (IOException ended) {
      // The process has ended.
    }
    port.completeExceptionally(new IOException("The service did not start: " + log));
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + port.join() + path);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Returns what the service has logged. */
  List<String> log() {
    return log;
  }

  /** Asks the process to end, as Kubernetes and systemd do. */
  void terminate() {
    process.toHandle().destroy(); // the method of the process would close its output too
  }

  /** Waits for the end of the process. Returns its status, or -1 if it runs after this time. */
  int waitFor(long seconds) throws InterruptedException {
    return process.waitFor(seconds, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
