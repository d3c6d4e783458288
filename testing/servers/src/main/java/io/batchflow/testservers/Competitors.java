package io.batchflow.testservers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * JVMs that compete for a lease, for tests that kill and stop the holder. A program prints {@code
 * held TOKEN} when it has got the lease, {@code wrote TOKEN} when its first work with this token
 * was accepted, and {@code refused TOKEN} when its work was refused, which it must try until then.
 * It ends when its input does. Not safe for concurrent use.
 */
public final class Competitors implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private record Line(Process process, String word, long token, long at) {}

  private final List<String> command;
  private final List<Process> processes = new ArrayList<>();
  private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();

  /** The tokens whose work was accepted, and those whose work was refused. */
  private final Set<Long> worked = new HashSet<>();

  private final Set<Long> refused = new HashSet<>();

  /** The line with the largest token. */
  private @Nullable Line newest;

  private Competitors(List<String> command) {
    this.command = command;
  }

  /**
   * Starts JVMs and waits until one of them has the lease.
   *
   * @param main the class of the program, on the class path of this JVM
   */
  public static Competitors start(int count, Class<?> main, String... arguments)
      throws IOException {
    Allowed.check();
    Stream<String> java =
        Stream.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx96m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName());
    Competitors competitors = new Competitors(Stream.concat(java, Stream.of(arguments)).toList());
    try {
      for (int i = 0; i < count; i++) {
        competitors.start();
      }
      competitors.holderAfter(0);
      return competitors;
    } catch (Throwable failure) {
      competitors.close();
      throw failure;
    }
  }

  private void start() throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    processes.add(process);
    Thread reader = new Thread(() -> read(process), "competitor " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  private void read(Process process) {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        String[] words = line.split(" ", -1);
        if (words.length == 2 && words[1].matches("\\d+")) {
          lines.add(new Line(process, words[0], Long.parseLong(words[1]), System.nanoTime()));
        }
      }
    } catch (IOException closed) {
      // The process was killed.
    }
  }

  /** Reads a line. */
  private void next() {
    try {
      Line line = lines.poll(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
      if (line == null) {
        throw new AssertionError("The competitors have printed nothing for " + PATIENCE);
      }
      switch (line.word()) {
        case "held" -> newest = newest == null || newest.token() < line.token() ? line : newest;
        case "wrote" -> worked.add(line.token());
        case "refused" -> refused.add(line.token());
        default -> throw new AssertionError("A competitor has printed '" + line.word() + "'");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private Line holderAfter(long token) {
    while (newest == null || newest.token() <= token) {
      next();
    }
    return newest;
  }

  /**
   * Kills the holder in the middle of its work, as by {@code kill -9}.
   *
   * @return how long it took until another one had the lease
   */
  public Duration kill() throws IOException {
    Line killed = atWork();
    long at = System.nanoTime();
    killed.process().destroyForcibly();
    Line next = holderAfter(killed.token());
    processes.remove(killed.process());
    start();
    return Duration.ofNanos(next.at() - at);
  }

  /**
   * Stops the holder in the middle of its work, as by {@code kill -STOP}, and lets it continue when
   * another one has worked, until its own work is refused.
   *
   * @return how long it took until another one had the lease
   */
  public Duration stop() throws IOException {
    Line stopped = atWork();
    long at = System.nanoTime();
    signal("-STOP", stopped.process());
    Line next = holderAfter(stopped.token());
    while (worked.stream().noneMatch(token -> token > stopped.token())) {
      next();
    }
    signal("-CONT", stopped.process());
    while (!refused.contains(stopped.token())) {
      next();
    }
    return Duration.ofNanos(next.at() - at);
  }

  /** Returns the holder once its work was accepted. */
  private Line atWork() {
    Line holder = holderAfter(0);
    while (!worked.contains(holder.token()) || !lines.isEmpty()) {
      next();
      holder = holderAfter(0);
    }
    return holder;
  }

  private static void signal(String signal, Process process) throws IOException {
    new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start().onExit().join();
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
  }
}
