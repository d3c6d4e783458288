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
import io.batchflow.unit.Unit;
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
 * A flow that stores each row on the local disk before it acknowledges it. If the process dies, the
 * next process that opens the journal writes the accepted rows.
 *
 * <p>A row may then be written twice. Therefore only rows with a harmless repeat are accepted
 * ({@link Batch#isRepeatable()}), unless you set {@link Builder#atLeastOnce}. A row leaves the
 * journal when it has any outcome. Rows without an outcome when the flow is closed stay in the
 * journal; they are written first, in their order, when the journal is opened again.
 *
 * <p>Thread-safe. Only one process at a time may open a journal.
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
   * @param directory the journal's own directory; created if it does not exist
   */
  public static Builder builder(BatchFlow flow, Path directory) {
    return new Builder(flow, directory);
  }

  /**
   * Accepts a row: completes once the row is on the disk. Rows that arrive together are synced
   * together. Cold. This call freezes the row.
   *
   * @return a receipt, which gives access to the row's outcome. Fails with {@link JournalException}
   *     if the row is not in the journal: the journal is full, closed or broken, a repeat of the
   *     row would do harm, a value has an unsupported type, or it is a unit. Fails with {@link
   *     InvalidRowException} if a required column is unset
   */
  public Mono<Receipt> accept(Row row) {
    if (Unit.isUnit(row)) {
      return Mono.error(
          new JournalException(
              "A unit cannot be kept in the journal", "Submit it to the BatchFlow itself", null));
    }
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
              "A row for table '" + row.schema().table() + "' cannot be kept in the journal",
              "Set a value of a type that can be kept: see the cause",
              unkept));
    }
  }

  private static JournalException harmful(Schema schema) {
    return new JournalException(
        "A row for table '"
            + schema.table()
            + "' cannot be kept in the journal: a repeat after a crash may write it twice",
        "Give its Schema a conflict key and IGNORE, REPLACE or UPDATE, or call atLeastOnce()",
        null);
  }

  /** Accepts a row and completes once it is written. */
  public Mono<WriteResult> submit(Row row) {
    return accept(row).flatMap(Receipt::durable);
  }

  /**
   * Returns how many accepted rows have no outcome yet. After {@link #close} these rows stay in the
   * journal.
   */
  public int pending() {
    return journal.pending();
  }

  /** Closes with a deadline of 30 seconds. */
  public Mono<Void> close() {
    return close(Duration.ofSeconds(30));
  }

  /**
   * Turns new rows away, waits for all outcomes, and closes the flow and the journal. Idempotent:
   * the first subscription's deadline counts, for the flow too. Rows without an outcome at the
   * deadline stay in the journal.
   *
   * @throws InvalidConfigurationException unless the deadline is positive
   */
  public Mono<Void> close(Duration deadline) {
    if (deadline.isNegative() || deadline.isZero()) {
      throw new InvalidConfigurationException(
          "deadline", "(" + deadline + ") is not positive", "Set a positive deadline");
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
    private Consumer<Outcome<Row>> replayed = outcome -> {};

    private Builder(BatchFlow flow, Path directory) {
      this.flow = flow;
      this.directory = directory;
    }

    /** Adds the schemas of the rows that the journal may hold. */
    public Builder schemas(Schema... schemas) {
      this.schemas.addAll(List.of(schemas));
      return this;
    }

    /** Sets the maximum number of rows without an outcome. Defaults to 100,000. */
    public Builder maxRows(int maxRows) {
      this.maxRows = maxRows;
      return this;
    }

    /** Accepts rows with a harmful repeat: after a crash they may be written twice. */
    public Builder atLeastOnce() {
      this.atLeastOnce = true;
      return this;
    }

    /**
     * Sets a callback for the outcomes of rows that were in the journal when it was opened. Called
     * on the flow's scheduler; must not block.
     */
    public Builder onReplayed(Consumer<Outcome<Row>> replayed) {
      this.replayed = replayed;
      return this;
    }

    /**
     * Opens the journal, which blocks, and starts to write its rows.
     *
     * @throws JournalException if it cannot be opened or read, is open in another process, or holds
     *     rows of an unknown Schema; no row is lost then
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
            "See the cause: another process may have it open",
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

    /** Event loops pass work to it. Its queue is one that BlockHound lets them use. */
    private static ExecutorService newThread() {
      return Executors.newSingleThreadScheduledExecutor(
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
            "See the cause: restore its files, or start a journal in another directory",
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
                + "' with an unknown Schema",
            "Pass it to schemas(), unchanged in everything that decides how a row is written",
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

    /** Fails on invalid UTF-8, which must not be read as other characters. */
    private static String strictly(byte[] value) throws CharacterCodingException {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    }
  }
}
