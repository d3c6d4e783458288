package io.batchflow.examples.pipeline;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** The consumer processes. */
final class Members implements AutoCloseable {

  private final List<Process> running = new CopyOnWriteArrayList<>();
  private final String broker;
  private final String database;
  private int killed;

  Members(String broker, String database) {
    this.broker = broker;
    this.database = database;
    Runtime.getRuntime().addShutdownHook(new Thread(this::close)); // also if it is interrupted
  }

  void start() throws IOException {
    running.add(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                classPath(),
                Member.class.getName(),
                broker,
                database)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start());
  }

  /** Kills the oldest process, as {@code kill -9} does, and starts another one. */
  void killOne() throws IOException {
    running.remove(0).destroyForcibly().onExit().join();
    killed++;
    start();
  }

  long alive() {
    return running.stream().filter(Process::isAlive).count();
  }

  int killed() {
    return killed;
  }

  /** Maven runs programs in a separate class loader. */
  private static String classPath() {
    if (Members.class.getClassLoader() instanceof URLClassLoader loader) {
      return Arrays.stream(loader.getURLs())
          .map(URL::getPath)
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("java.class.path");
  }

  @Override
  public void close() {
    running.forEach(Process::destroyForcibly);
    running.forEach(member -> member.onExit().join());
  }
}
