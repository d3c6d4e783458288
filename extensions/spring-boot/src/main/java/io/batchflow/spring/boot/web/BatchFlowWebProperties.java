package io.batchflow.spring.boot.web;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of the answers over HTTP.
 *
 * @param problems Whether to answer a row that is not stored with a problem of RFC 9457.
 * @param retryAfter Time after which callers may send a row again.
 * @param drainTime Time that idle connections stay open when the application stops, with zero for
 *     the shutdown of Spring Boot alone.
 * @param ndjson Limits of NDJSON bodies.
 */
@ConfigurationProperties(BatchFlowWebProperties.PREFIX)
public record BatchFlowWebProperties(
    @DefaultValue("true") boolean problems,
    @DefaultValue("1s") Duration retryAfter,
    @DefaultValue("1s") Duration drainTime,
    @DefaultValue @NestedConfigurationProperty NdjsonProperties ndjson) {

  static final String PREFIX = "batchflow.web";

  /** Checks the times. */
  public BatchFlowWebProperties {
    check("retry-after", retryAfter);
    check("drain-time", drainTime);
  }

  private static void check(String name, Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException(PREFIX + "." + name + " must not be negative");
    }
  }
}
