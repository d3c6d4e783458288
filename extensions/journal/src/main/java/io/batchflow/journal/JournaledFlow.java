package io.batchflow.journal;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.json.RowFormatException;
import io.batchflow.json.RowJson;
import io.batchflow.json.UnkeptValueException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.rocksdb.RocksDBException;
import reactor.core.publisher.Mono;

/**
 * A flow whose rows are on this machine's disk before they are acknowledged: what was accepted is
 * written even if the process dies, by the next one that opens the journal.
 *
 * <p>A row may then be written twice, so only rows are taken whose repeat is harmless ({@link
 * Batch#isRepeatable()}), unless {@link Builder#atLeastOnce} says otherwise. A row leaves the
 * journal with its outcome, whatever that is; rows that have none when the flow is closed stay, and
 * come first when the journal is opened again, in their order.
 *
 * <p>Safe for any number of threads. One process at a time may have a journal open.
 */
public final class JournaledFlow {

  private final Journal journal;
  private final boolean atLeastOnce;

  private JournaledFlow(Journal journal, boolean atLeastOnce) {
    this.journal = journal;
    this.atLeastOnce = atLeastOnce;
  }

  /**
   * Starts a journal for a flow.
   *
   * @param flow the flow, which {@link #close()} will close
   * @param directory the journal's own directory; made unless it is there
   */
  public static Builder builder(BatchFlow flow, Path directory) {
    return new Builder(flow, directory);
  }

  /**
   * Accepts a row: completes once it is on the disk. Rows that come together are synced together.
   * Cold; the row is fixed by this call.
   *
   * @return the receipt, by which the row's outcome can be waited for. Fails with {@link
   *     JournalException} when the row is not in the journal: it is full, closed or broken, a
   *     repeat of this row would harm, or one of its values is of a type that cannot be kept; and
   *     with {@link InvalidRowException} when a required column is unset
   */
  public Mono<Receipt> accept(Row row) {
    try {
      boolean repeatable = Batch.of(List.of(row)).isRepeatable();
      if (!repeatable && !atLeastOnce) {
        return Mono.error(harmful(row.schema()));
      }
    } catch (InvalidRowException invalid) {
      return Mono.error(invalid);
    }
    try {
      byte[] value = RowJson.write(row).getBytes(StandardCharsets.UTF_8);
      return Mono.defer(() -> journal.accept(JournalEntry.coming(row, value)));
    } catch (UnkeptValueException unkept) {
      return Mono.error(
          new JournalException(
              "A row for table '" + row.schema().table() + "' cannot be journalled",
              "See the cause: set a value of a type that can be kept",
              unkept));
    }
  }

  private static JournalException harmful(Schema schema) {
    return new JournalException(
        "A row for table '"
            + schema.table()
            + "' cannot be journalled: written again after a crash, it would be there twice",
        "Give it a conflict key and IGNORE, REPLACE or UPDATE, or allow that by atLeastOnce()",
        null);
  }

  /** Accepts a row and completes once it is written; fails as both do. */
  public Mono<WriteResult> submit(Row row) {
    return accept(row).flatMap(Receipt::durable);
  }

  /**
   * Returns how many rows the journal holds: accepted, and without an outcome. After {@link #close}
   * these are the rows that it left for the next.
   */
  public int pending() {
    return journal.pending();
  }

  /** Closes with a deadline of 30 seconds. */
  public Mono<Void> close() {
    return close(Duration.ofSeconds(30));
  }

  /**
   * Turns new rows away, waits until all have their outcomes, and closes the flow and the journal;
   * idempotent, the first subscription's deadline counts. It is the flow's deadline, too: rows
   * without an outcome by then stay in the journal.
   *
   * @throws InvalidConfigurationException unless the deadline is positive
   */
  public Mono<Void> close(Duration deadline) {
    if (deadline.isNegative() || deadline.isZero()) {
      throw new InvalidConfigurationException(
          "deadline", "(" + deadline + ") is not positive", "Give it some time");
    }
    return journal.close(deadline);
  }

  /** Builds a {@link JournaledFlow}. Not safe for concurrent use. */
  public static final class Builder {

    private final BatchFlow flow;
    private final Path directory;
    private final Set<Schema> schemas = new LinkedHashSet<>();
    private int maxRows = 100_000;
    private boolean atLeastOnce;
    private Consumer<Outcome> replayed = outcome -> {};

    private Builder(BatchFlow flow, Path directory) {
      this.flow = flow;
      this.directory = directory;
    }

    /** Makes schemas known, by which rows that the journal holds are read. */
    public Builder schemas(Schema... schemas) {
      this.schemas.addAll(List.of(schemas));
      return this;
    }

    /** Sets the most rows in the journal without an outcome. Defaults to 100,000. */
    public Builder maxRows(int maxRows) {
      this.maxRows = maxRows;
      return this;
    }

    /** Takes rows whose repeat is not harmless: after a crash they may be written twice. */
    public Builder atLeastOnce() {
      this.atLeastOnce = true;
      return this;
    }

    /**
     * Sets who is told what became of rows that were in the journal when it was opened. Called on
     * the flow's scheduler; must not block.
     */
    public Builder onReplayed(Consumer<Outcome> replayed) {
      this.replayed = replayed;
      return this;
    }

    /**
     * Opens the journal, which blocks, and begins to write what it holds.
     *
     * @throws JournalException if it cannot be opened or read, is open in another process, or holds
     *     rows of a Schema that is not known; nothing is lost then
     */
    public JournaledFlow open() {
      if (maxRows <= 0) {
        throw new JournalException("maxRows (" + maxRows + ") is not positive", "Raise it", null);
      }
      RocksDbStore log;
      try {
        log = RocksDbStore.open(directory);
      } catch (RocksDBException failure) {
        throw new JournalException(
            "The journal " + directory.getFileName() + " cannot be opened",
            "See the cause: has another process opened it?",
            failure);
      }
      try {
        Journal journal = new Journal(flow, log, maxRows, replayed, entries(log), newThread());
        return new JournaledFlow(journal, atLeastOnce);
      } catch (RuntimeException failure) {
        log.close();
        throw failure;
      }
    }

    private static ExecutorService newThread() {
      return Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "batchflow-journal");
            thread.setDaemon(true);
            return thread;
          });
    }

    private List<JournalEntry> entries(RocksDbStore log) {
      List<JournalEntry> entries = new ArrayList<>();
      Map<String, Schema> byId = new HashMap<>();
      try {
        log.forEach(
            (number, id, value) -> {
              Schema schema = byId.computeIfAbsent(id, this::schema);
              entries.add(JournalEntry.replayed(row(schema, value), number));
            });
      } catch (RocksDBException failure) {
        throw new JournalException(
            "The journal " + directory.getFileName() + " cannot be read",
            "See the cause: restore its files, or begin one in another directory",
            failure);
      }
      return entries;
    }

    private Schema schema(String id) {
      Schema schema = SchemaId.find(id, schemas);
      if (schema == null) {
        throw new JournalException(
            "The journal holds rows for table '"
                + SchemaId.tableOf(id)
                + "' of a Schema that is not known",
            "Make it known by schemas(), with all that decides how a row is written as it was",
            null);
      }
      return schema;
    }

    private static Row row(Schema schema, byte[] value) {
      try {
        return RowJson.read(schema, strictly(value));
      } catch (RowFormatException | CharacterCodingException broken) {
        throw JournalException.foreign(
            "A row for table '" + schema.table() + "' in the journal", broken);
      }
    }

    /** Bytes that are no UTF-8 must not come back as other characters. */
    private static String strictly(byte[] value) throws CharacterCodingException {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    }
  }
}
