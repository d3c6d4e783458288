package io.batchflow.spring.boot.lifecycle;

import java.time.Duration;
import org.springframework.core.env.Environment;

/**
 * How long Spring waits for the beans of a phase to stop.
 *
 * @param timeout may be too short to close anything
 */
public record ShutdownPhase(Duration timeout) {

  /** The property of the timeout. */
  public static final String KEY = "spring.lifecycle.timeout-per-shutdown-phase";

  /** The time that is left after the longest close. */
  public static final Duration MARGIN = Duration.ofSeconds(2);

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /** Reads the timeout of an application. */
  public static ShutdownPhase of(Environment environment) {
    return new ShutdownPhase(environment.getProperty(KEY, Duration.class, DEFAULT_TIMEOUT));
  }

  /** Returns the longest time for a close that ends before Spring stops to wait. */
  public Duration longestClose() {
    return timeout.minus(MARGIN);
  }
}
