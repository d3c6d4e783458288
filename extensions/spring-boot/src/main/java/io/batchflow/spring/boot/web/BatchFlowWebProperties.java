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
 * @param ndjson Limits of NDJSON bodies.
 */
@ConfigurationProperties(BatchFlowWebProperties.PREFIX)
public record BatchFlowWebProperties(
    @DefaultValue("true") boolean problems,
    @DefaultValue("1s") Duration retryAfter,
    @DefaultValue @NestedConfigurationProperty NdjsonProperties ndjson) {

  static final String PREFIX = "batchflow.web";

  /** Checks the time. */
  public BatchFlowWebProperties {
    if (retryAfter.isNegative()) {
      throw new IllegalArgumentException(PREFIX + ".retry-after must not be negative");
    }
  }
}
