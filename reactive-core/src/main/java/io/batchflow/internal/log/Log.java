package io.batchflow.internal.log;

import reactor.util.Logger;
import reactor.util.Loggers;

/** Where lines are written to. For any thread. */
public interface Log {

  void write(LogLine line);

  /** Returns SLF4J's log where Reactor logs by SLF4J 2, else Reactor's, which has no keys. */
  static Log of(String name) {
    Logger logger = Loggers.getLogger(name);
    boolean slf4j = logger.getClass().getName().equals("reactor.util.Loggers$Slf4JLogger");
    return slf4j && isThere("org.slf4j.spi.LoggingEventBuilder")
        ? Slf4jLog.of(name)
        : new PlainLog(logger);
  }

  /** SLF4J is optional, and its version 1 knows no keys. */
  private static boolean isThere(String type) {
    try {
      Class.forName(type, false, Log.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException absent) {
      return false;
    }
  }
}
