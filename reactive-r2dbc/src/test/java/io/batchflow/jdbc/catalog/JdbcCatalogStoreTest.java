package io.batchflow.jdbc.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.catalog.CatalogStore;
import io.batchflow.contract.CatalogStoreContract;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;
import reactor.core.publisher.Flux;

/** The catalog over JDBC keeps the contract. */
class JdbcCatalogStoreTest {

  private abstract static class OverJdbc extends CatalogStoreContract {

    private DataSource source = new JdbcDataSource();

    abstract DataSource newSource() throws Exception;

    @Override
    protected void createCatalog() throws Exception {
      source = newSource();
      JdbcCatalogStore.create(source).createTables().block();
    }

    @Override
    protected CatalogStore openStore() {
      return JdbcCatalogStore.create(source);
    }

    @Override
    protected void removeCatalog() throws Exception {}

    @Test
    void theTablesMayExistOrBeCreatedByOthersAtTheSameTime() {
      Flux.range(0, 4).flatMap(i -> JdbcCatalogStore.create(source).createTables()).blockLast();

      assertThat(openStore().generation().block()).isZero();
    }
  }

  @Nested
  class OnSqlite extends OverJdbc {

    @TempDir Path directory = Path.of("");

    @Override
    DataSource newSource() {
      SQLiteDataSource source = new SQLiteDataSource();
      source.setUrl("jdbc:sqlite:" + directory.resolve(UUID.randomUUID() + ".db"));
      source.setJournalMode("WAL");
      source.setBusyTimeout(30_000);
      return source;
    }
  }

  @Nested
  class OnH2 extends OverJdbc {

    @Override
    DataSource newSource() {
      JdbcDataSource source = new JdbcDataSource();
      source.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
      return source;
    }
  }

  /** A database of its own on a server. */
  private abstract static class OnServer extends OverJdbc {

    private @Nullable TestDatabase database;

    abstract TestServer server();

    abstract DataSource sourceOf(TestServer server) throws SQLException;

    @Override
    DataSource newSource() throws Exception {
      TestDatabase created = TestDatabase.on(server());
      database = created;
      return sourceOf(created.server());
    }

    @Override
    protected void removeCatalog() throws Exception {
      Objects.requireNonNull(database).close();
    }
  }

  @Nested
  @Tag("server")
  class OnPostgres extends OnServer {

    @Override
    TestServer server() {
      return TestServers.postgres();
    }

    @Override
    DataSource sourceOf(TestServer server) {
      PGSimpleDataSource source = new PGSimpleDataSource();
      source.setUrl(server.jdbcUrl("postgresql", null));
      return source;
    }
  }

  @Nested
  @Tag("server")
  class OnMariaDb extends OnServer {

    @Override
    TestServer server() {
      return TestServers.mariaDb();
    }

    @Override
    DataSource sourceOf(TestServer server) throws SQLException {
      return new MariaDbDataSource(server.jdbcUrl("mariadb", null));
    }
  }
}
