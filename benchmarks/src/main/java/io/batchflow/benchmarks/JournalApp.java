package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.journal.JournaledFlow;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.sql.SqlDialect;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.sqlite.SQLiteDataSource;
import reactor.core.publisher.Flux;

/**
 * An application to be killed: accepts rows until then, and prints each that it acknowledged (A)
 * and each that it was told is written (W). Its arguments are the journal's directory, the
 * database's URL and the first id.
 */
final class JournalApp {

  private static final int AT_ONCE = 500;

  private JournalApp() {}

  public static void main(String[] args) {
    JournaledFlow flow = open(Path.of(args[0]), args[1]);
    Schema schema = FaultTarget.schema(ConflictStrategy.UPDATE);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    Flux.range(Integer.parseInt(args[2]), Integer.MAX_VALUE / 2)
        .flatMap(
            id ->
                flow.accept(schema.request().set(0, (long) id).set(1, FaultTarget.value(id)))
                    .doOnNext(receipt -> out.println("A " + id))
                    .flatMap(receipt -> receipt.durable())
                    .doOnNext(result -> out.println("W " + id)),
            AT_ONCE)
        .blockLast();
  }

  static JournaledFlow open(Path journal, String url) {
    return JournaledFlow.builder(BatchFlow.builder(writer(url)).build(), journal)
        .schemas(FaultTarget.schema(ConflictStrategy.UPDATE))
        .open();
  }

  private static BatchWriter writer(String url) {
    if (!url.startsWith("jdbc:sqlite:")) {
      return R2dbcBatchWriter.create(url);
    }
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl(url);
    return JdbcBatchWriter.create(source, SqlDialect.sqlite());
  }
}
