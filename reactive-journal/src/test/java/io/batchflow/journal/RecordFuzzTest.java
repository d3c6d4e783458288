package io.batchflow.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.test.RecordingWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Whatever a journal's records hold, they are rows, or it is refused with what to do. */
class RecordFuzzTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Schema SCHEMA =
      Schema.table("t")
          .columns("a", "b")
          .conflictKey("a")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  /** One record, and the schema that it may be of. */
  private static final class Raw {
    private final byte[] key;
    private final byte[] value;
    private final byte[] schemaKey;
    private final byte[] schema;

    private Raw(byte[] key, byte[] value, byte[] schemaKey, byte[] schema) {
      this.key = key;
      this.value = value;
      this.schemaKey = schemaKey;
      this.schema = schema;
    }

    @Override
    public String toString() {
      return Stream.of(key, value, schemaKey, schema).map(HexFormat.of()::formatHex).toList()
          + " "
          + new String(value, StandardCharsets.UTF_8);
    }
  }

  @Provide
  Arbitrary<Raw> records() {
    return Combinators.combine(
            mostly(key(7L)), values(), mostly(key(0)), mostly(utf8(SchemaId.of(SCHEMA))))
        .as(Raw::new);
  }

  /** What belongs there, or else anything. */
  private static Arbitrary<byte[]> mostly(byte[] right) {
    return Arbitraries.frequencyOf(Tuple.of(6, Arbitraries.just(right)), Tuple.of(1, anything()));
  }

  private static Arbitrary<byte[]> anything() {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(12);
  }

  private static Arbitrary<byte[]> values() {
    Arbitrary<byte[]> schemaNumber = mostly(key(0));
    return Combinators.combine(schemaNumber, Arbitraries.oneOf(anything(), rows()))
        .as(RecordFuzzTest::concat);
  }

  /** Rows, of which a byte may be another and the end may be missing. */
  private static Arbitrary<byte[]> rows() {
    Arbitrary<byte[]> texts =
        Arbitraries.of(
                "{\"a\":1",
                "{",
                "}",
                ",\"b\":",
                "\"x\"",
                "null",
                "-1e999999999",
                "99999999999",
                "{\"decimal\":\"1E+2147483647\"}",
                "{\"array\":{\"of\":\"int\",\"items\":[1,2]}}",
                "{\"array\":{\"of\":\"none\",\"items\":[[]]}}",
                "{\"bytes\":\"////\"}",
                "{\"utf16\":\"AA==\"}",
                "{\"of another version\":\"1\"}",
                ",\"c\":2",
                "ä",
                "[".repeat(5_000),
                "{\"a\":".repeat(2_000))
            .list()
            .ofMaxSize(5)
            .map(parts -> utf8(String.join("", parts)));
    return Combinators.combine(texts, Arbitraries.integers().between(0, 60), Arbitraries.bytes())
        .as(
            (text, at, other) -> {
              byte[] bytes = text.clone();
              if (at < bytes.length) {
                bytes[at] = other;
              }
              return bytes;
            });
  }

  @Property(tries = 100, seed = "20261121")
  void anyRecordIsARowOrTheJournalIsRefused(@ForAll("records") Raw raw)
      throws IOException, RocksDBException {
    Path directory = Files.createTempDirectory("records");
    RecordingWriter writer = RecordingWriter.create();
    BatchFlow flow =
        BatchFlow.builder(writer)
            .defaultPolicy(BatchPolicy.builder().maxDelay(Duration.ZERO).build())
            .build();
    try {
      put(directory, raw);
      JournaledFlow journaled = JournaledFlow.builder(flow, directory).schemas(SCHEMA).open();
      journaled.close().block(PATIENCE);
      assertThat(writer.rows()).allMatch(row -> row.schema().equals(SCHEMA)).hasSizeLessThan(2);
      assertThat(raw.key).hasSize(Long.BYTES);
    } catch (JournalException refused) {
      assertThat(refused).message().containsAnyOf("another directory", "schemas()").endsWith(".");
    } finally {
      flow.close().block(PATIENCE);
      delete(directory);
    }
  }

  /** As the journal does it. */
  private static void put(Path directory, Raw raw) throws RocksDBException {
    RocksLog.open(directory).close();
    List<ColumnFamilyHandle> families = new ArrayList<>();
    List<ColumnFamilyDescriptor> names =
        List.of(
            new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY),
            new ColumnFamilyDescriptor(utf8("schemas")));
    try (DBOptions options = new DBOptions();
        RocksDB db = RocksDB.open(options, directory.toString(), names, families)) {
      db.put(families.get(0), raw.key, raw.value);
      db.put(families.get(1), raw.schemaKey, raw.schema);
      families.forEach(ColumnFamilyHandle::close);
    }
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] concat(byte[] one, byte[] two) {
    return ByteBuffer.allocate(one.length + two.length).put(one).put(two).array();
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
