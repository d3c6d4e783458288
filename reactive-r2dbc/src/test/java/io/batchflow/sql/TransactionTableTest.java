package io.batchflow.sql;

import static io.batchflow.sql.TransactionSite.ORDERS;
import static io.batchflow.sql.TransactionSite.PATIENCE;
import static io.batchflow.sql.TransactionSite.execute;
import static io.batchflow.sql.TransactionSite.orders;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlowException;
import io.batchflow.BatchWriteException;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.sql.TransactionSite.Database;
import io.r2dbc.spi.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

/** Rows in the transaction of a caller: their tables are those of its session. */
@Tag("server")
class TransactionTableTest {

  /** Several tenants in one database: the session says whose table a bare name means. */
  @ParameterizedTest
  @EnumSource(Database.class)
  void aNameMeansTheTableThatTheCallersSessionSees(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      String other = "tenant_" + UUID.randomUUID().toString().replace("-", "");
      site.run("CREATE SCHEMA " + other);
      String table = other + ".orders";
      site.run("CREATE TABLE " + table + " (id INTEGER PRIMARY KEY, name VARCHAR(20))");
      String move =
          switch (database) {
            case POSTGRES -> "SET LOCAL search_path = " + other;
            case MARIADB, MARIADB_BY_MYSQL -> "USE " + other;
            case H2 -> "SET SCHEMA " + other;
          };

      site.committed(connection -> site.writer.write(connection, orders(1)));
      site.committed(
          connection ->
              execute(connection, move).thenMany(site.writer.write(connection, orders(3))));
      site.writer.verify(ORDERS).block(PATIENCE);
      site.committed(connection -> site.writer.write(connection, orders(10).skip(8)));

      assertThat(site.count("orders")).isEqualTo(3);
      assertThat(site.count(table)).isEqualTo(3);
      site.run("DROP TABLE " + table, "DROP SCHEMA " + other);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Database.class,
      names = {"POSTGRES"})
  void aTableThatTheTransactionMakesIsFound(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      Schema own = Schema.table("own").columns("id").build();

      site.committed(
          connection ->
              execute(connection, "CREATE TEMPORARY TABLE orders (id BIGINT, name TEXT)")
                  .then(execute(connection, "CREATE TABLE own (id INTEGER)"))
                  .thenMany(
                      site.writer.write(
                          connection, orders(3).concatWith(Flux.just(own.row().set("id", 1))))));

      assertThat(site.count("orders")).isZero();
      assertThat(site.count("own")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void aTableThatHasChangedIsReadAgainInTheNextTransaction(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      site.run("CREATE TABLE notes (id INTEGER, note INTEGER)");
      Schema notes = Schema.table("notes").columns("id", "note").build();
      Row number = notes.row().set("id", 1).set("note", 1);
      site.committed(connection -> site.writer.write(connection, Flux.just(number)));
      site.run("DROP TABLE notes", "CREATE TABLE notes (id INTEGER, note VARCHAR(20))");
      Row text = notes.row().set("id", 2).set("note", "words");
      Function<Connection, Flux<Outcome<Row>>> write =
          connection -> site.writer.write(connection, Flux.just(text));

      if (!database.isMySql()) {
        assertThat(site.failed(write)).isNotNull();
      }
      site.committed(write);

      assertThat(site.read("SELECT note FROM notes")).containsExactly("words");
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void aTableThatIsMissingIsNamed(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      Schema missing = Schema.table("missing").columns("id").build();

      BatchFlowException failure =
          site.failed(
              connection -> site.writer.write(connection, Flux.just(missing.row().set("id", 1))));

      assertThat(failure).isInstanceOf(BatchWriteException.class);
      assertThat(failure.getCause()).hasMessageContaining("there is no such table");
    }
  }
}
