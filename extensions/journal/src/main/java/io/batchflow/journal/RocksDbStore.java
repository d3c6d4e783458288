package io.batchflow.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Stores rows by their numbers in RocksDB. Its log has checksums. An incomplete last group after a
 * crash is discarded on opening.
 */
final class RocksDbStore implements JournalStore {

  private static final long MAX_LOG_BYTES = 64L << 20;

  private final DBOptions options;
  private final RocksDB db;
  private final ColumnFamilyHandle rows;
  private final ColumnFamilyHandle schemas;
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final WriteOptions unsynced = new WriteOptions();
  private final Map<String, Integer> schemaNumbers = new HashMap<>();

  /** The schemas that are not known to be in the store. */
  private final Set<String> unstored = new HashSet<>();

  private long nextNumber;

  /** Receives a row from the log. */
  @FunctionalInterface
  interface Reader {

    void row(long number, String schemaId, byte[] value);
  }

  private RocksDbStore(DBOptions options, RocksDB db, List<ColumnFamilyHandle> families) {
    this.options = options;
    this.db = db;
    this.rows = families.get(0);
    this.schemas = families.get(1);
  }

  static RocksDbStore open(Path directory) throws RocksDBException {
    RocksDB.loadLibrary();
    List<ColumnFamilyHandle> families = new ArrayList<>();
    DBOptions options =
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
            .setMaxTotalWalSize(MAX_LOG_BYTES);
    List<ColumnFamilyDescriptor> names =
        List.of(
            new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY),
            new ColumnFamilyDescriptor("schemas".getBytes(StandardCharsets.UTF_8)));
    try {
      RocksDB db = RocksDB.open(options, directory.toString(), names, families);
      return new RocksDbStore(options, db, families);
    } catch (RocksDBException failure) {
      options.close();
      throw failure;
    }
  }

  /**
   * Passes on every row, in the order of appending.
   *
   * @throws JournalException if there is a record that {@link #append} did not write
   */
  void forEach(Reader reader) throws RocksDBException {
    Map<Integer, String> ids = new HashMap<>();
    try (RocksIterator each = db.newIterator(schemas)) {
      for (each.seekToFirst(); each.isValid(); each.next()) {
        check(each.key().length == Integer.BYTES);
        ids.put(
            ByteBuffer.wrap(each.key()).getInt(), new String(each.value(), StandardCharsets.UTF_8));
      }
      each.status(); // an unreadable record ends an iterator as the last row does
    }
    ids.forEach((number, id) -> schemaNumbers.put(id, number));
    try (RocksIterator each = db.newIterator(rows)) {
      for (each.seekToFirst(); each.isValid(); each.next()) {
        check(each.key().length == Long.BYTES && each.value().length >= Integer.BYTES);
        long number = ByteBuffer.wrap(each.key()).getLong();
        ByteBuffer value = ByteBuffer.wrap(each.value());
        int schema = value.getInt();
        check(ids.containsKey(schema));
        byte[] row = new byte[value.remaining()];
        value.get(row);
        reader.row(number, Objects.requireNonNull(ids.get(schema)), row);
        nextNumber = number + 1;
      }
      each.status();
    }
  }

  private static void check(boolean isOurs) {
    if (!isOurs) {
      throw JournalException.foreign("A record in the journal", null);
    }
  }

  @Override
  public void append(Collection<JournalEntry> entries) throws RocksDBException {
    try (WriteBatch batch = new WriteBatch()) {
      for (JournalEntry entry : entries) {
        int schema = numberOf(SchemaId.of(entry.row.schema()));
        entry.number = nextNumber++;
        batch.put(rows, key(entry.number), value(schema, entry.takeValue()));
      }
      for (String id : unstored) {
        batch.put(schemas, key(numberOf(id)), id.getBytes(StandardCharsets.UTF_8));
      }
      db.write(synced, batch);
      unstored.clear();
    }
  }

  private int numberOf(String schemaId) {
    Integer known = schemaNumbers.get(schemaId);
    if (known != null) {
      return known;
    }
    int number = schemaNumbers.size();
    schemaNumbers.put(schemaId, number);
    unstored.add(schemaId);
    return number;
  }

  @Override
  public void remove(Collection<Long> numbers) throws RocksDBException {
    try (WriteBatch batch = new WriteBatch()) {
      for (long number : numbers) {
        batch.delete(rows, key(number));
      }
      db.write(unsynced, batch);
    }
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private static byte[] value(int schema, byte[] row) {
    return ByteBuffer.allocate(Integer.BYTES + row.length).putInt(schema).put(row).array();
  }

  @Override
  public void close() {
    rows.close();
    schemas.close();
    db.close();
    options.close();
    synced.close();
    unsynced.close();
  }
}
