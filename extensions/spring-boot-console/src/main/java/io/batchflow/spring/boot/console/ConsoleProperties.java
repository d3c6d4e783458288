package io.batchflow.spring.boot.console;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of the live page.
 *
 * @param enabled Whether to serve the page.
 * @param path Path of the page, below that of the application.
 * @param writable Whether the page may pause, resume, flush and retune tables.
 */
@ConfigurationProperties(prefix = "batchflow.console", ignoreUnknownFields = false)
public record ConsoleProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("/batchflow") String path,
    @DefaultValue("false") boolean writable) {

  /** Checks the path. */
  public ConsoleProperties {
    if (!path.matches("(/[A-Za-z0-9._~-]+)+")) {
      throw new IllegalArgumentException(
          "batchflow.console.path must begin with a slash and end without one, such as /batchflow,"
              + " and is '%s'".formatted(path));
    }
  }
}
