package io.batchflow.spring.boot.web;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The limits of a body of NDJSON.
 *
 * @param maxLineSize Largest size of a line.
 * @param maxBodySize Largest size of a body.
 * @param maxDepth Most levels of objects and arrays in a line.
 * @param maxProblems Most lines that an answer reports as not stored; further ones are counted.
 * @param lineTimeout Time in which the next line must arrive while the flow has room for it; an
 *     upload is ended after at most twice this time.
 */
public record NdjsonProperties(
    @DefaultValue("256KB") DataSize maxLineSize,
    @DefaultValue("1GB") DataSize maxBodySize,
    @DefaultValue("64") int maxDepth,
    @DefaultValue("100") int maxProblems,
    @DefaultValue("30s") Duration lineTimeout) {

  /** Checks the limits. */
  public NdjsonProperties {
    check("max-line-size", maxLineSize.toBytes() > 0 && maxLineSize.toBytes() < Integer.MAX_VALUE);
    check("max-body-size", maxBodySize.toBytes() > 0);
    check("max-depth", maxDepth > 0);
    check("max-problems", maxProblems >= 0);
    check("line-timeout", lineTimeout.toMillis() > 0);
  }

  private static void check(String name, boolean valid) {
    if (!valid) {
      throw new IllegalArgumentException(
          BatchFlowWebProperties.PREFIX + ".ndjson." + name + " is out of range");
    }
  }
}
