package io.batchflow.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Records of any content are read as rows, or the journal is rejected with a remedy. */
@Tag("fuzz")
class RecordFuzzTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Schema SCHEMA =
      Schema.table("t")
          .columns("a", "b")
          .conflictKey("a")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  static Stream<Arguments> records() {
    byte[] schema = utf8(SchemaId.of(SCHEMA));
    byte[] row = row(0, "{\"a\":1,\"b\":\"x\"}");
    return Stream.of(
        Arguments.of(key(7L), row, key(0), schema),
        Arguments.of(key(-1L), row, key(0), schema),
        Arguments.of(key(0), row, key(0), schema),
        Arguments.of(key(7L), row(1, "{\"a\":1}"), key(0), schema),
        Arguments.of(key(7L), row, key(7L), schema),
        Arguments.of(key(7L), row, key(0), utf8("t\nIGNORE\na\na\tb")),
        Arguments.of(key(7L), row, key(0), new byte[0]),
        Arguments.of(key(7L), new byte[] {0, 0, 0}, key(0), schema),
        Arguments.of(key(7L), row(0, ""), key(0), schema),
        Arguments.of(key(7L), row(0, "{\"b\":\"no key\"}"), key(0), schema),
        Arguments.of(key(7L), row(0, "{\"a\":1,\"c\":2}"), key(0), schema),
        Arguments.of(key(7L), row(0, "{\"a\":99999999999}"), key(0), schema),
        Arguments.of(key(7L), row(0, "{\"a\":".repeat(2_000)), key(0), schema),
        Arguments.of(key(7L), row(0, "{\"a\":{\"of another version\":\"1\"}}"), key(0), schema));
  }

  @MethodSource("records")
  @FuzzTest
  void anyRecordIsARowOrTheJournalIsRejected(
      byte @NotNull [] key,
      byte @NotNull [] value,
      byte @NotNull [] schemaKey,
      byte @NotNull [] schema)
      throws IOException, RocksDBException {
    Path directory = Files.createTempDirectory("records");
    RecordingWriter writer = RecordingWriter.create();
    BatchFlow flow =
        BatchFlow.builder(writer)
            .defaultPolicy(BatchPolicy.builder().maxDelay(Duration.ZERO).build())
            .build();
    try {
      put(directory, key, value, schemaKey, schema);
      JournaledFlow journaled = JournaledFlow.builder(flow, directory).schemas(SCHEMA).open();
      journaled.close().block(PATIENCE);
      assertThat(writer.rows()).allMatch(row -> row.schema().equals(SCHEMA)).hasSizeLessThan(2);
      assertThat(key).hasSize(Long.BYTES);
    } catch (JournalException rejected) {
      assertThat(rejected).message().containsAnyOf("another directory", "schemas()").endsWith(".");
    } finally {
      flow.close().block(PATIENCE);
      delete(directory);
    }
  }

  /** Writes records in the same way as the journal. */
  private static void put(Path directory, byte[] key, byte[] value, byte[] schemaKey, byte[] schema)
      throws RocksDBException {
    RocksDbStore.open(directory).close();
    List<ColumnFamilyHandle> families = new ArrayList<>();
    List<ColumnFamilyDescriptor> names =
        List.of(
            new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY),
            new ColumnFamilyDescriptor(utf8("schemas")));
    try (DBOptions options = new DBOptions();
        RocksDB db = RocksDB.open(options, directory.toString(), names, families)) {
      db.put(families.get(0), key, value);
      db.put(families.get(1), schemaKey, schema);
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

  private static byte[] row(int schema, String json) {
    byte[] text = utf8(json);
    return ByteBuffer.allocate(Integer.BYTES + text.length).putInt(schema).put(text).array();
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
