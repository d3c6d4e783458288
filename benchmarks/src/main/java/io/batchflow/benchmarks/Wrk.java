package io.batchflow.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The load of wrk, a program that Debian has. It needs little of the processors. */
final class Wrk implements HttpLoad {

  /** The event that is posted, with a place for its id. */
  static final String EVENT = "{\"id\":%s,\"source\":\"web\",\"kind\":\"click\"}";

  private static final String MARK = "MEASURED ";

  /** Each thread of wrk has a Lua of its own, and ids of its own. */
  private static final String SCRIPT =
      """
      local threads = 0
      function setup(thread)
        thread:set("last", threads * 1e12)
        threads = threads + 1
      end
      local headers = { ["Content-Type"] = "application/json" }
      function request()
        last = last + 1
        local event = string.gsub('%s', "%%%%s", string.format("%%.0f", last))
        return wrk.format("POST", nil, headers, event)
      end
      function done(summary, latency, requests)
        local errors = summary.errors
        local wrong = errors.connect + errors.read + errors.write + errors.status + errors.timeout
        print(string.format("%s%%.0f %%.0f %%.3f %%.3f %%.0f", summary.requests, summary.duration,
          latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, wrong))
      end
      """
          .formatted(EVENT, MARK);

  private final Shell wrk;

  private Wrk(Shell wrk) {
    this.wrk = wrk;
  }

  /** Finds wrk on the PATH. */
  static Optional<HttpLoad> find() {
    return Shell.find("wrk").map(Wrk::new);
  }

  @Override
  public String name() {
    return "wrk";
  }

  @Override
  public Measured run(URI uri, int connections, Duration length)
      throws IOException, InterruptedException {
    Path script = Files.createTempFile("events", ".lua");
    try {
      Files.writeString(script, SCRIPT);
      return measured(
          wrk.run(
              Map.of(),
              List.of(
                  "--threads=1",
                  "--connections=" + connections,
                  "--duration=" + length.toSeconds() + "s",
                  "--timeout=30s",
                  "--script=" + script,
                  uri.toString())));
    } finally {
      Files.delete(script);
    }
  }

  private static Measured measured(String said) throws IOException {
    String[] values =
        said.lines()
            .filter(line -> line.startsWith(MARK))
            .findFirst()
            .orElseThrow(() -> new IOException("wrk measured nothing: " + said))
            .substring(MARK.length())
            .split(" ", -1);
    return new Measured(
        Long.parseLong(values[0]),
        Long.parseLong(values[1]) / 1e6,
        Double.parseDouble(values[2]),
        Double.parseDouble(values[3]),
        Long.parseLong(values[4]));
  }
}
