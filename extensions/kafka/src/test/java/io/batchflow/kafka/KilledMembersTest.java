package io.batchflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.testkafka.KafkaBroker;
import io.batchflow.testservers.PostgresProcess;
import io.batchflow.testservers.TestServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members are killed as by {@code kill -9}, and the database too. Every record is in a table
 * without a key exactly once. The nightly run is longer, and restarts the broker as well.
 */
@Tag("server")
class KilledMembersTest {

  private static final int RECORDS = Integer.getInteger("batchflow.test.records", 24_000);
  private static final int KILLS = Integer.getInteger("batchflow.test.kills", 3);
  private static final int BROKER_RESTARTS = Integer.getInteger("batchflow.test.restarts", 0);
  private static final int PARTITIONS = 12;
  private static final int MEMBERS = 3;
  private static final long PATIENCE_NANOS = 300_000_000_000L;

  private final KafkaBroker broker = KafkaBroker.shared();
  private final Random random = new Random(20);
  private final String topic = "events";
  private final String group = "exact";
  private final List<Process> members = new ArrayList<>();
  private long sent;
  private long looks;

  @Test
  void everyRecordIsStoredOnce(@TempDir Path directory) throws Exception {
    broker.createTopic(topic, PARTITIONS);
    try (PostgresProcess database = PostgresProcess.start(directory)) {
      run(database.server(), StoredOffsets.TABLE);
      run(
          database.server(),
          "CREATE TABLE events (partition_no INT NOT NULL, offset_no BIGINT NOT NULL, item TEXT)");
      for (int i = 0; i < MEMBERS; i++) {
        members.add(start(database.server()));
      }
      for (int kill = 1; kill <= KILLS; kill++) {
        long before = stored(database.server());
        send(RECORDS / (KILLS + 1));
        awaitRows(database.server(), before + 1);
        killOne(database.server());
        if (kill == (KILLS + 1) / 2) {
          database.kill();
          database.restart();
        }
        if (BROKER_RESTARTS > 0 && kill % (KILLS / BROKER_RESTARTS) == 0) {
          broker.restart();
        }
      }
      send(RECORDS - (int) sent);
      awaitRows(database.server(), RECORDS);

      assertThat(stored(database.server())).isEqualTo(RECORDS);
      assertThat(looks).isPositive();
      check(database.server());
    } finally {
      members.forEach(Process::destroyForcibly);
      for (Process member : members) {
        member.waitFor();
      }
    }
  }

  private void send(int records) {
    for (long end = sent + records; sent < end; sent++) {
      broker.send(topic, (int) (sent % PARTITIONS), String.valueOf(sent), "item");
    }
    broker.flush();
  }

  private Process start(TestServer database) throws IOException {
    File log = new File("target/members.log");
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            ExactMember.class.getName(),
            broker.servers,
            group,
            topic,
            database.r2dbcUrl("postgresql", null))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }

  private void killOne(TestServer database) throws IOException, InterruptedException {
    int killed = random.nextInt(members.size());
    members.get(killed).destroyForcibly().waitFor();
    members.set(killed, start(database));
  }

  /** Checks again and again, at moments that nobody chose, until so many rows are there. */
  private void awaitRows(TestServer database, long wanted) throws Exception {
    long start = System.nanoTime();
    while (stored(database) < wanted && System.nanoTime() - start < PATIENCE_NANOS) {
      check(database);
      LockSupport.parkNanos(random.nextInt(20_000_000));
    }
    assertThat(stored(database)).as("see target/members.log").isGreaterThanOrEqualTo(wanted);
  }

  /** What is committed was read before the table, so it must be in the table. */
  private void check(TestServer database) throws Exception {
    Map<TopicPartition, Long> committed = broker.committed(group);
    Map<Integer, Long> next = new HashMap<>();
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT o.partition_no, o.next_offset, COUNT(e.offset_no),"
                    + " COUNT(DISTINCT e.offset_no), COALESCE(MAX(e.offset_no), -1)"
                    + " FROM batchflow_offsets o LEFT JOIN events e USING (partition_no)"
                    + " GROUP BY o.partition_no, o.next_offset")) {
      while (rows.next()) {
        String partition = "partition " + rows.getInt(1);
        long stored = Math.max(rows.getLong(2), 0);
        assertThat(rows.getLong(3)).as(partition).isEqualTo(stored);
        assertThat(rows.getLong(4)).as(partition).isEqualTo(stored);
        assertThat(rows.getLong(5)).as(partition).isEqualTo(stored - 1);
        next.put(rows.getInt(1), stored);
      }
    }
    committed.forEach(
        (id, offset) ->
            assertThat(offset)
                .as("%s", id)
                .isLessThanOrEqualTo(next.getOrDefault(id.partition(), 0L)));
    looks++;
  }

  private static long stored(TestServer database) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM events")) {
      count.next();
      return count.getLong(1);
    }
  }

  private static void run(TestServer database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect(TestServer database) throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl("postgresql", null));
  }
}
