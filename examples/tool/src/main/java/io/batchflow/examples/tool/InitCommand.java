package io.batchflow.examples.tool;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prepares the database of a catalog. */
@Command(
    name = "init",
    description = "Creates the tables in which the catalog is stored, unless they exist.")
final class InitCommand implements Callable<Integer> {

  @Mixin private final Access access = new Access();

  @Mixin private final Output output = new Output();

  @Override
  public Integer call() {
    try (Session session = access.open()) {
      session.run(session.link().init());
      output.record(
          Map.of("catalog", session.link().where(), "tables", session.tables(List.of()).size()));
      return 0;
    }
  }
}
