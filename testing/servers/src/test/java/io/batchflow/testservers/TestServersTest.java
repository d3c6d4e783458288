package io.batchflow.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class TestServersTest {

  private static String versionOf(String jdbcUrl) throws SQLException {
    return valueOf(jdbcUrl, "SELECT version()");
  }

  private static String valueOf(String jdbcUrl, String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }

  @Test
  void postgresAnswers() throws SQLException {
    assertThat(versionOf(TestServers.postgres().jdbcUrl("postgresql", null)))
        .startsWith("PostgreSQL");
    assertThat(TestServers.postgres()).isSameAs(TestServers.postgres());
  }

  @Test
  void aServerThatDiesAtItsStartFailsWithItsLog() {
    EmbeddedPostgres.Builder broken =
        EmbeddedPostgres.builder().setServerConfig("shared_buffers", "0");

    assertThatIOException()
        .isThrownBy(() -> PostgresStart.of(broken))
        .withMessageContaining("outside the valid range for parameter \"shared_buffers\"");
  }

  @Test
  void aCommitToAServerThatMayBeKilledIsOnTheDisk(@TempDir Path directory) throws Exception {
    try (PostgresProcess postgres = PostgresProcess.start(directory)) {
      String url = postgres.server().jdbcUrl("postgresql", null);
      assertThat(valueOf(url, "SHOW fsync")).isEqualTo("on");
      assertThat(valueOf(url, "SHOW synchronous_commit")).isEqualTo("on");
    }
    try (MariaDbProcess mariaDb = MariaDbProcess.start(directory)) {
      String url = mariaDb.server().jdbcUrl("mariadb", null);
      assertThat(valueOf(url, "SELECT @@innodb_flush_log_at_trx_commit")).isEqualTo("1");
    }
  }

  @Test
  void mariaDbAnswersAndAcceptsLargePackets() throws SQLException {
    String url = TestServers.mariaDb().jdbcUrl("mariadb", null);
    assertThat(versionOf(url)).contains("MariaDB");
    assertThat(valueOf(url, "SELECT @@max_allowed_packet")).isEqualTo("67108864");
  }

  @Test
  void aDatabaseIsSeparateAndDroppedAfterwards() throws SQLException {
    assertOwn(
        TestServers.postgres(), "SELECT count(*) FROM pg_catalog.pg_database WHERE datname = '%s'");
    assertOwn(
        TestServers.mariaDb(),
        "SELECT count(*) FROM information_schema.schemata WHERE schema_name = '%s'");
  }

  private static void assertOwn(TestServer server, String count) throws SQLException {
    String home = server.jdbcUrl(server.scheme(), null);
    String name;
    try (TestDatabase one = TestDatabase.on(server);
        TestDatabase other = TestDatabase.on(server);
        Connection open = one.connect();
        Statement statement = open.createStatement()) {
      name = one.server().database();
      statement.execute("CREATE TABLE t (id INT)");
      assertThat(other.server().database()).isNotEqualTo(name);
      assertThat(valueOf(home, count.formatted(name))).isEqualTo("1");
    }
    assertThat(valueOf(home, count.formatted(name))).isEqualTo("0");
  }

  @Test
  void redisAnswers() throws Exception {
    TestServer server = TestServers.redis();
    try (Socket socket = new Socket(server.host(), server.port())) {
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readNBytes(7))
          .isEqualTo("+PONG\r\n".getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Test
  void aUrlIsParsed() {
    assertThat(TestServer.parse("postgresql://ann:secret@db.example:5433/sales"))
        .isEqualTo(new TestServer("postgresql", "db.example", 5433, "ann", "secret", "sales"));
    assertThat(TestServer.parse("redis://localhost:6379").user()).isEmpty();
  }
}
