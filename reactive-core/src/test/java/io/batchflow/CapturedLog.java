package io.batchflow;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.helpers.MessageFormatter;
import reactor.util.Logger;
import reactor.util.Loggers;

/** Captures the log lines of flows that are built while it is open. */
final class CapturedLog implements AutoCloseable {

  private final List<String> lines = new CopyOnWriteArrayList<>();

  CapturedLog() {
    Loggers.useCustomLoggers(
        name ->
            (Logger)
                Proxy.newProxyInstance(
                    Logger.class.getClassLoader(),
                    new Class<?>[] {Logger.class},
                    (logger, method, arguments) -> {
                      if (method.getReturnType() == boolean.class) {
                        return true;
                      }
                      if (method.getReturnType() == String.class) {
                        return name;
                      }
                      if (name.equals(BatchFlow.class.getName())) {
                        lines.add(line(method.getName(), arguments));
                      }
                      return null;
                    }));
  }

  private static String line(String level, Object[] arguments) {
    Object[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
    Object[] values = rest.length == 1 && rest[0] instanceof Object[] many ? many : rest;
    return level.toUpperCase(Locale.ROOT)
        + " "
        + MessageFormatter.arrayFormat((String) arguments[0], values).getMessage();
  }

  /** Returns the lines so far, each with its level. */
  List<String> lines() {
    return lines;
  }

  /** Returns the lines that start with a text. */
  List<String> lines(String beginning) {
    return lines.stream().filter(line -> line.startsWith(beginning)).toList();
  }

  @Override
  public void close() {
    Loggers.resetLoggerFactory();
  }
}
