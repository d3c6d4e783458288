package io.batchflow.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class TestServersTest {

  private static String versionOf(String jdbcUrl) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT version()")) {
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
  void mariaDbAnswersAndTakesLargePackets() throws SQLException {
    String url = TestServers.mariaDb().jdbcUrl("mariadb", null);
    assertThat(versionOf(url)).contains("MariaDB");
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
  void aUrlIsTakenApart() {
    assertThat(TestServer.parse("postgresql://ann:secret@db.example:5433/sales"))
        .isEqualTo(new TestServer("postgresql", "db.example", 5433, "ann", "secret", "sales"));
    assertThat(TestServer.parse("redis://localhost:6379").user()).isEmpty();
  }
}
