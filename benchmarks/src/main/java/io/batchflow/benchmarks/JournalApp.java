package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.journal.JournaledFlow;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import reactor.core.publisher.Flux;

/**
 * The application that is killed. It accepts rows until then. It prints each row that it
 * acknowledged (A) and each row that was reported as written (W). Its arguments are the directory
 * of the journal, the URL of the table and the first id.
 */
final class JournalApp {

  /** The maximum number of rows without an outcome. */
  static final int AT_ONCE = 500;

  private JournalApp() {}

  public static void main(String[] args) {
    JournaledFlow flow = open(Path.of(args[0]), args[1]);
    Schema schema = FaultTarget.schema(ConflictStrategy.UPDATE);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    Flux.range(Integer.parseInt(args[2]), Integer.MAX_VALUE / 2)
        .flatMap(
            id ->
                flow.accept(schema.row().set(0, (long) id).set(1, FaultTarget.value(id)))
                    .doOnNext(receipt -> out.println("A " + id))
                    .flatMap(receipt -> receipt.durable())
                    .doOnNext(result -> out.println("W " + id)),
            AT_ONCE)
        .blockLast();
  }

  static JournaledFlow open(Path journal, String url) {
    return JournaledFlow.builder(BatchFlow.builder(TargetWriters.open(url)).build(), journal)
        .schemas(FaultTarget.schema(ConflictStrategy.UPDATE))
        .open();
  }
}
