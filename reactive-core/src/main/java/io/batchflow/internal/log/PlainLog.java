package io.batchflow.internal.log;

import java.util.Objects;
import reactor.util.Logger;

/** Writes the text of lines with Reactor's own logger. */
final class PlainLog implements Log {

  private final Logger logger;

  PlainLog(Logger logger) {
    this.logger = logger;
  }

  @Override
  public void write(LogLine line) {
    switch (line.level()) {
      case INFO -> logger.info(line.text());
      case WARN -> logger.warn(line.text());
      case ERROR -> logger.error(line.text(), Objects.requireNonNull(line.cause()));
    }
  }
}
