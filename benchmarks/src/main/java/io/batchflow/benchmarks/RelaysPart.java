package io.batchflow.benchmarks;

import io.batchflow.testservers.PostgresProcess;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kills and stops relays of an outbox, and their database: are messages lost or out of order. */
final class RelaysPart implements Part {

  private static final RelaysRun.Size THOROUGH = new RelaysRun.Size(60, 500);
  private static final RelaysRun.Size QUICK = new RelaysRun.Size(6, 200);

  private final RelaysRun.@Nullable Size size;

  RelaysPart() {
    this.size = null;
  }

  /** Always runs with this size. */
  RelaysPart(RelaysRun.Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "relays";
  }

  @Override
  public String about() {
    return "kills and stops relays of an outbox and their database: are messages lost";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    RelaysRun.Size chosen = size != null ? size : quick ? QUICK : THOROUGH;
    try {
      Path directory = Files.createTempDirectory("relays");
      try (PostgresProcess server = PostgresProcess.start(directory);
          RelaysRun run = new RelaysRun(server, chosen)) {
        return List.of(run.go(out));
      }
    } catch (Exception failure) {
      throw new IllegalStateException("The relays part failed", failure);
    }
  }
}
