package io.batchflow.internal.log;

import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes lines with SLF4J 2, with keys and values. The only class that needs SLF4J, which is
 * optional.
 */
final class Slf4jLog implements Log {

  private final Logger logger;

  Slf4jLog(Logger logger) {
    this.logger = logger;
  }

  static Log of(String name) {
    return new Slf4jLog(LoggerFactory.getLogger(name));
  }

  @Override
  public void write(LogLine line) {
    LoggingEventBuilder event =
        logger.atLevel(Level.valueOf(line.level().name())).setCause(line.cause());
    for (Map.Entry<String, Object> value : line.values().entrySet()) {
      event = event.addKeyValue(value.getKey(), value.getValue());
    }
    event.log(line.text());
  }
}
