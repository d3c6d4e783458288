package io.batchflow.internal.log;

import reactor.util.Logger;
import reactor.util.Loggers;

/** Writes lines. Thread-safe. */
public interface Log {

  void write(LogLine line);

  /**
   * Returns a log for SLF4J if Reactor uses SLF4J 2, else for Reactor's logger, which has no keys.
   */
  static Log of(String name) {
    Logger logger = Loggers.getLogger(name);
    boolean slf4j = logger.getClass().getName().equals("reactor.util.Loggers$Slf4JLogger");
    return slf4j && isThere("org.slf4j.spi.LoggingEventBuilder")
        ? Slf4jLog.of(name)
        : new PlainLog(logger);
  }

  /** SLF4J is optional, and version 1 has no keys. */
  private static boolean isThere(String type) {
    try {
      Class.forName(type, false, Log.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException absent) {
      return false;
    }
  }
}
