package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlowException;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriteException;
import io.batchflow.ConflictStrategy;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.RowRejectedException;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Result;
import java.math.BigDecimal;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Rows in the transaction of a caller: written by the same statements, applied by the caller. */
@Tag("server")
class TransactionWriteTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Schema ORDERS = Schema.table("orders").columns("id", "name").build();
  private static final Schema ITEMS = Schema.table("items").columns("id", "order_id").build();
  private static final Schema NAMES =
      Schema.table("orders")
          .columns("id", "name")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  /** Databases by their R2DBC drivers. */
  enum Database {
    POSTGRES("postgresql"),
    MARIADB("mariadb"),
    MARIADB_BY_MYSQL("mysql"),
    H2("h2");

    private final String driver;

    Database(String driver) {
      this.driver = driver;
    }

    boolean isMySql() {
      return this == MARIADB || this == MARIADB_BY_MYSQL;
    }
  }

  /** A database with orders and their items, a writer to it, and a plain connection beside them. */
  private static final class Site implements AutoCloseable {

    private final @Nullable TestDatabase server;
    private final ConnectionFactory factory;
    private final R2dbcBatchWriter writer;
    private final java.sql.Connection beside;

    Site(Database database) throws SQLException {
      String name = "mem:" + UUID.randomUUID();
      this.server =
          switch (database) {
            case POSTGRES -> TestDatabase.on(TestServers.postgres());
            case MARIADB, MARIADB_BY_MYSQL -> TestDatabase.on(TestServers.mariaDb());
            case H2 -> null;
          };
      TestServer to = server == null ? null : server.server();
      this.beside =
          DriverManager.getConnection(
              to == null
                  ? "jdbc:h2:" + name
                  : to.jdbcUrl(database == Database.POSTGRES ? "postgresql" : "mariadb", null));
      this.factory =
          ConnectionFactories.get(
              to == null
                  ? "r2dbc:h2:" + name.replace("mem:", "mem:///")
                  : to.r2dbcUrl(database.driver, null));
      this.writer = R2dbcBatchWriter.create(factory);
      run(
          "CREATE TABLE orders (id INTEGER PRIMARY KEY, name VARCHAR(20) UNIQUE)",
          "CREATE TABLE items (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL,"
              + " FOREIGN KEY (order_id) REFERENCES orders (id))");
    }

    void run(String... statements) throws SQLException {
      try (Statement statement = beside.createStatement()) {
        for (String sql : statements) {
          statement.execute(sql);
        }
      }
    }

    List<String> read(String query) throws SQLException {
      List<String> rows = new ArrayList<>();
      try (Statement statement = beside.createStatement();
          ResultSet result = statement.executeQuery(query)) {
        while (result.next()) {
          rows.add(result.getString(1));
        }
      }
      return rows;
    }

    long count(String table) throws SQLException {
      return Long.parseLong(read("SELECT COUNT(*) FROM " + table).get(0));
    }

    Connection open() {
      return Objects.requireNonNull(Mono.from(factory.create()).block(PATIENCE));
    }

    /** Runs work in a transaction of its own, and commits it. */
    <T> List<T> committed(Function<Connection, Flux<T>> work) {
      return inTransaction(
          connection ->
              work.apply(connection)
                  .collectList()
                  .flatMap(done -> commit(connection).thenReturn(done)));
    }

    /** Runs work that must fail in a transaction of its own, and rolls it back. */
    BatchFlowException failed(Function<Connection, Flux<Outcome<Row>>> work) {
      return inTransaction(
          connection ->
              work.apply(connection)
                  .then(Mono.<Throwable>error(() -> new AssertionError("It was to fail")))
                  .onErrorResume(BatchFlowException.class, Mono::just)
                  .cast(BatchFlowException.class)
                  .flatMap(failure -> rollback(connection).thenReturn(failure)));
    }

    <T> T inTransaction(Function<Connection, Mono<T>> work) {
      return Objects.requireNonNull(
          Mono.usingWhen(
                  factory.create(),
                  connection ->
                      Mono.from(connection.beginTransaction()).then(work.apply(connection)),
                  Connection::close)
              .block(PATIENCE));
    }

    @Override
    public void close() throws SQLException {
      writer.close().block(PATIENCE);
      beside.close();
      if (server != null) {
        server.close();
      }
    }
  }

  private static Row order(int id) {
    return order(id, "order " + id);
  }

  private static Row order(int id, String name) {
    return ORDERS.row().set("id", id).set("name", name);
  }

  private static Row name(int id, String name) {
    return NAMES.row().set("id", id).set("name", name);
  }

  private static Row item(int id, int order) {
    return ITEMS.row().set("id", id).set("order_id", order);
  }

  private static Flux<Row> orders(int count) {
    return Flux.range(0, count).map(TransactionWriteTest::order);
  }

  private static Mono<Void> execute(Connection connection, String sql) {
    return Flux.from(connection.createStatement(sql).execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }

  /** The driver of MariaDB looks at the call whether there is a transaction to end. */
  private static Mono<Void> commit(Connection connection) {
    return Mono.defer(() -> Mono.from(connection.commitTransaction()));
  }

  private static Mono<Void> rollback(Connection connection) {
    return Mono.defer(() -> Mono.from(connection.rollbackTransaction()));
  }

  // ---- whose transaction it is

  @ParameterizedTest
  @EnumSource(Database.class)
  void rowsOfSeveralTablesAreAppliedByTheCallersCommit(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      List<Outcome<Row>> outcomes =
          site.inTransaction(
              connection ->
                  execute(connection, "INSERT INTO orders VALUES (1000, 'own')")
                      .thenMany(
                          site.writer.write(
                              connection,
                              Flux.concat(orders(50), Flux.range(0, 50).map(id -> item(id, id)))))
                      .collectList()
                      .publishOn(Schedulers.boundedElastic())
                      .doOnNext(written -> assertEmpty(site, connection))
                      .flatMap(written -> commit(connection).thenReturn(written)));

      assertThat(outcomes).hasSize(100).allMatch(Outcome::isWritten);
      assertThat(outcomes.get(0).row().value("id")).isEqualTo(0);
      assertThat(outcomes.get(99).row().schema()).isEqualTo(ITEMS);
      assertThat(outcomes)
          .extracting(Outcome::result)
          .extracting(WriteResult::batchSize)
          .containsOnly(50);
      assertThat(site.count("orders")).isEqualTo(51);
      assertThat(site.count("items")).isEqualTo(50);
    }
  }

  private static void assertEmpty(Site site, Connection connection) {
    assertThat(connection.isAutoCommit()).isFalse();
    try {
      assertThat(site.count("orders")).isZero();
      assertThat(site.count("items")).isZero();
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void aRollbackOfTheCallerUndoesTheRows(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      site.inTransaction(
          connection ->
              site.writer
                  .write(connection, Flux.concat(orders(100), Flux.just(item(1, 1))))
                  .then(rollback(connection))
                  .thenReturn(true));

      assertThat(site.count("orders")).isZero();
      assertThat(site.committed(connection -> site.writer.write(connection, orders(3)))).hasSize(3);
      assertThat(site.count("orders")).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void aConnectionWithinNoTransactionIsRejected(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      Connection connection = site.open();

      Throwable failure =
          site.writer
              .write(connection, orders(1))
              .then(Mono.<Throwable>empty())
              .onErrorResume(Mono::just)
              .block(PATIENCE);

      assertThat(failure)
          .isInstanceOf(BatchWriteException.class)
          .cause()
          .hasMessageContaining("the caller's connection is within no transaction");
      assertThat(site.count("orders")).isZero();
      Mono.from(connection.close()).block(PATIENCE);
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void noRowsNeedNoTransaction(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      Connection connection = site.open();

      assertThat(site.writer.write(connection, Flux.empty()).collectList().block(PATIENCE))
          .isEmpty();

      Mono.from(connection.close()).block(PATIENCE);
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void rowsThatSetDifferentColumnsStayInOneTransaction(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      List<Outcome<Row>> outcomes =
          site.inTransaction(
              connection ->
                  site.writer
                      .write(
                          connection,
                          Flux.range(0, 10)
                              .map(id -> id % 2 == 0 ? order(id) : ORDERS.row().set("id", id)))
                      .collectList()
                      .publishOn(Schedulers.boundedElastic())
                      .doOnNext(written -> assertEmpty(site, connection))
                      .flatMap(written -> commit(connection).thenReturn(written)));

      assertThat(outcomes)
          .extracting(outcome -> outcome.row().value("id"))
          .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
      assertThat(site.count("orders")).isEqualTo(10);
    }
  }

  // ---- order

  @ParameterizedTest
  @EnumSource(Database.class)
  void aRowIsWrittenBeforeEveryLaterRowOfAnotherTable(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      site.run("INSERT INTO orders VALUES (1, 'old')");
      Flux<Row> rows =
          Flux.just(item(1, 1), order(2), item(2, 2), item(3, 1), order(3), item(4, 3));

      assertThat(site.committed(connection -> site.writer.write(connection, rows)))
          .extracting(Outcome::result)
          .extracting(WriteResult::batchSize)
          .containsExactly(1, 1, 2, 2, 1, 1);

      assertThat(site.count("items")).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void theLastRowOfAKeyWins(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      Flux<Row> rows =
          Flux.just(name(2, "b"), name(1, "a"), name(2, "c"), name(1, "d"), name(2, "e"));

      List<Outcome<Row>> outcomes =
          site.committed(connection -> site.writer.write(connection, rows));

      assertThat(outcomes)
          .extracting(outcome -> outcome.row().value("name"))
          .containsExactly("b", "a", "c", "d", "e");
      assertThat(site.read("SELECT name FROM orders ORDER BY id")).containsExactly("d", "e");
    }
  }

  /** PostgreSQL rejects a statement that has two of them. */
  @ParameterizedTest
  @EnumSource(value = Database.class, names = "POSTGRES")
  void rowsThatOnlyTheDatabaseCallsEqualAreWrittenInTheirOrder(Database database)
      throws SQLException {
    try (Site site = new Site(database)) {
      site.run(
          "CREATE COLLATION nocase"
              + " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
          "CREATE TABLE tags (word TEXT COLLATE nocase CONSTRAINT by_word UNIQUE, n INTEGER)");
      Schema tags =
          Schema.table("tags")
              .columns("word", "n")
              .conflictKey("word")
              .onConflict(ConflictStrategy.UPDATE)
              .conflictConstraint("by_word")
              .build();
      Flux<Row> rows =
          Flux.just("a", "b", "c", "A", "B", "d", "a", "C", "e")
              .index((n, word) -> tags.row().set("word", word).set("n", n.intValue()));

      assertThat(site.committed(connection -> site.writer.write(connection, rows))).hasSize(9);

      assertThat(site.read("SELECT n FROM tags ORDER BY word"))
          .containsExactly("6", "4", "7", "5", "8");
    }
  }

  /** Others may see it by numbers that the database gives. */
  @ParameterizedTest
  @EnumSource(Database.class)
  void rowsAreInsertedInTheirOrder(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      String number =
          database.isMySql() ? "BIGINT AUTO_INCREMENT" : "BIGINT GENERATED BY DEFAULT AS IDENTITY";
      site.run("CREATE TABLE log (n " + number + " PRIMARY KEY, word VARCHAR(20))");
      Schema log = Schema.table("log").columns("word").build();
      List<String> words =
          IntStream.range(0, 2_500).mapToObj(i -> "w" + (i * 7919) % 2_500).toList();

      site.committed(
          connection ->
              site.writer.write(
                  connection, Flux.fromIterable(words).map(word -> log.row().set("word", word))));

      assertThat(site.read("SELECT word FROM log ORDER BY n")).isEqualTo(words);
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void theSourceIsAskedForNoMoreThanAFewBatchesAhead(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      AtomicLong asked = new AtomicLong();
      Flux<Row> rows = orders(1_000).doOnNext(row -> asked.incrementAndGet());
      BatchPolicy policy = BatchPolicy.builder().maxSize(10).build();

      site.inTransaction(
          connection ->
              site.writer
                  .write(connection, rows, policy)
                  .doOnNext(
                      outcome ->
                          assertThat(asked.get())
                              .isLessThan(
                                  (int) Objects.requireNonNull(outcome.row().value("id")) + 60))
                  .count()
                  .flatMap(count -> commit(connection).thenReturn(count)));

      assertThat(site.count("orders")).isEqualTo(1_000);
    }
  }

  // ---- failures

  @ParameterizedTest
  @EnumSource(Database.class)
  void theFirstFailureEndsTheStream(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      site.run("INSERT INTO orders VALUES (25, 'old')");
      List<Object> written = new ArrayList<>();
      AtomicLong asked = new AtomicLong();
      BatchPolicy policy = BatchPolicy.builder().maxSize(10).build();

      BatchFlowException failure =
          site.failed(
              connection ->
                  site.writer
                      .write(
                          connection,
                          orders(1_000).doOnNext(row -> asked.incrementAndGet()),
                          policy)
                      .doOnNext(outcome -> written.add(outcome.row().value("id"))));

      assertThat(failure.table()).isEqualTo("orders");
      assertThat(written).containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
      assertThat(asked.get()).isLessThan(100);
      assertThat(site.read("SELECT name FROM orders")).containsExactly("old");
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void aRowThatIsAloneInItsBatchIsNamed(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      site.run("INSERT INTO orders VALUES (1, 'old')");
      Row bad = order(1);

      BatchFlowException failure =
          site.failed(
              connection -> site.writer.write(connection, Flux.just(order(0), item(0, 0), bad)));

      assertThat(failure).isInstanceOf(RowRejectedException.class);
      assertThat(failure.row()).isSameAs(bad);
    }
  }

  /** COPY names the line, MariaDB the number; H2 and an INSERT of PostgreSQL name none. */
  @ParameterizedTest
  @EnumSource(Database.class)
  void aRowThatFailsIsNamed(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      for (Schema schema : List.of(ORDERS, NAMES)) {
        Row bad = schema.row().set("id", 55).set("name", "x".repeat(30));
        Flux<Row> rows =
            Flux.range(0, 100)
                .map(id -> id == 55 ? bad : schema.row().set("id", id).set("name", "n" + id));

        BatchFlowException failure = site.failed(connection -> site.writer.write(connection, rows));

        assertThat(failure).isInstanceOf(RowRejectedException.class);
        assertThat(failure.row()).isSameAs(bad);
        assertThat(failure.getCause()).isInstanceOf(R2dbcException.class);
      }
    }
  }

  /** No database names the row of a foreign key. */
  @ParameterizedTest
  @EnumSource(Database.class)
  void theFirstOfSeveralRowsThatFailIsNamed(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      for (int first : new int[] {0, 1, 37, 98}) {
        Flux<Row> items =
            Flux.range(0, 100).map(id -> item(id, id == first || id == 99 ? 1_000 : id));

        BatchFlowException failure =
            site.failed(
                connection -> site.writer.write(connection, Flux.concat(orders(100), items)));

        assertThat(failure).isInstanceOf(RowRejectedException.class);
        assertThat(Objects.requireNonNull(failure.row()).value("id")).isEqualTo(first);
      }
    }
  }

  /** Rows of different columns are several statements. */
  @ParameterizedTest
  @EnumSource(Database.class)
  void nothingOfAFailedBatchIsLeft(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      Flux<Row> rows =
          Flux.concat(
              orders(10),
              Flux.range(0, 10).map(id -> item(id, id == 7 ? 1_000 : id)),
              Flux.just(order(11)));
      Flux<Row> mixed =
          Flux.range(20, 10)
              .map(
                  id ->
                      id % 2 == 0
                          ? ORDERS.row().set("id", id)
                          : order(id, id == 29 ? "x".repeat(30) : "n" + id));

      List<Long> left =
          site.committed(
              connection ->
                  site.writer
                      .write(connection, rows)
                      .concatWith(Flux.error(new AssertionError("It was to fail")))
                      .onErrorResume(RowRejectedException.class, failure -> Flux.empty())
                      .thenMany(site.writer.write(connection, mixed))
                      .concatWith(Flux.error(new AssertionError("It was to fail")))
                      .onErrorResume(
                          RowRejectedException.class,
                          failure -> {
                            assertThat(failure.row().value("id")).isEqualTo(29);
                            return Flux.empty();
                          })
                      .thenMany(Flux.just("orders", "items"))
                      .concatMap(
                          table ->
                              connection.createStatement("SELECT COUNT(*) FROM " + table).execute())
                      .concatMap(result -> result.map(row -> row.get(0, Long.class))));

      assertThat(left).containsExactly(10L, 0L);
      assertThat(site.count("orders")).isEqualTo(10);
      assertThat(site.count("items")).isZero();
    }
  }

  /** The rows before a half are applied while it is written. */
  @ParameterizedTest
  @EnumSource(Database.class)
  void aRowThatNeedsAnEarlierOneIsNotBlamed(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      site.run(
          "CREATE TABLE tree (id INTEGER PRIMARY KEY, parent INTEGER,"
              + " FOREIGN KEY (parent) REFERENCES tree (id))");
      Schema tree = Schema.table("tree").columns("id", "parent").build();
      Flux<Row> chain =
          Flux.range(0, 64)
              .map(
                  id -> {
                    Integer parent = id == 0 ? null : Integer.valueOf(id == 50 ? 1_000 : id - 1);
                    return tree.row().set("id", id).set("parent", parent);
                  });

      BatchFlowException failure = site.failed(connection -> site.writer.write(connection, chain));

      assertThat(Objects.requireNonNull(failure.row()).value("id")).isEqualTo(50);
      assertThat(site.count("tree")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void anInvalidRowEndsTheStream(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      Schema strict = Schema.table("orders").columns("id", "name").required("name").build();
      List<Object> written = new ArrayList<>();
      BatchPolicy policy = BatchPolicy.builder().maxSize(10).build();

      BatchFlowException failure =
          site.failed(
              connection ->
                  site.writer
                      .write(
                          connection,
                          Flux.range(0, 100)
                              .map(
                                  id ->
                                      id == 25
                                          ? strict.row().set("id", id)
                                          : strict.row().set("id", id).set("name", "n" + id)),
                          policy)
                      .doOnNext(outcome -> written.add(outcome.row().value("id"))));

      assertThat(failure)
          .isInstanceOf(InvalidRowException.class)
          .hasMessageContaining("the required column 'name' is not set");
      assertThat(written).containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void aValueThatCannotBeStoredNamesItsRow(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      Row bad = ORDERS.row().set("id", 7).set("name", new Object[] {"a"});

      BatchFlowException failure =
          site.failed(
              connection ->
                  site.writer.write(connection, Flux.concat(orders(5), Flux.just(bad, order(8)))));

      assertThat(failure.row()).isSameAs(bad);
      assertThat(failure.getCause()).isInstanceOf(SqlWriteException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void aFailureOfTheSourceComesAfterTheRowsBeforeIt(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      List<Object> written = new ArrayList<>();
      BatchPolicy policy = BatchPolicy.builder().maxSize(10).build();

      Throwable failure =
          site.inTransaction(
              connection ->
                  site.writer
                      .write(
                          connection,
                          orders(20).concatWith(Flux.error(new IllegalStateException("source"))),
                          policy)
                      .doOnNext(outcome -> written.add(outcome.row().value("id")))
                      .then(Mono.<Throwable>empty())
                      .onErrorResume(Mono::just)
                      .flatMap(why -> rollback(connection).thenReturn(why)));

      assertThat(failure).hasMessage("source");
      assertThat(written).hasSize(10);
      assertThat(site.count("orders")).isZero();
    }
  }

  /** The second look for the reason must not commit what the caller has not committed. */
  @ParameterizedTest
  @EnumSource(
      value = Database.class,
      names = {"MARIADB", "MARIADB_BY_MYSQL"})
  void theReasonOfAGuardIsFoundWithoutACommit(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      site.run("INSERT INTO orders VALUES (1, 'old'), (2, 'taken')");

      BatchFlowException failure =
          site.failed(
              connection ->
                  site.writer.write(
                      connection, Flux.just(order(3), name(1, "taken")), BatchPolicy.defaults()));

      assertThat(failure.getCause()).hasMessageContaining("Duplicate entry");
      assertThat(site.read("SELECT name FROM orders ORDER BY id")).containsExactly("old", "taken");
    }
  }

  @ParameterizedTest
  @EnumSource(value = Database.class, mode = EnumSource.Mode.EXCLUDE, names = "H2")
  void aConnectionThatIsLostLeavesNothingBehind(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      boolean mySql = database.isMySql();
      Connection connection = site.open();
      Mono.from(connection.beginTransaction()).block(PATIENCE);
      Object session =
          Flux.from(
                  connection
                      .createStatement(mySql ? "SELECT CONNECTION_ID()" : "SELECT pg_backend_pid()")
                      .execute())
              .concatMap(result -> result.map(row -> Objects.requireNonNull(row.get(0))))
              .blockLast(PATIENCE);
      Flux<Row> rows =
          orders(20)
              .concatMap(
                  row ->
                      Integer.valueOf(10).equals(row.value("id"))
                          ? kill(
                                  site,
                                  mySql
                                      ? "KILL " + session
                                      : "SELECT pg_terminate_backend(" + session + ")")
                              .thenReturn(row)
                          : Mono.just(row));

      Throwable failure =
          site.writer
              .write(connection, rows, BatchPolicy.builder().maxSize(5).build())
              .then(Mono.<Throwable>empty())
              .onErrorResume(Mono::just)
              .block(PATIENCE);

      assertThat(failure).isInstanceOf(BatchWriteException.class);
      Mono.from(connection.close()).onErrorComplete().block(PATIENCE);
      assertThat(site.count("orders")).isZero();
    }
  }

  private static Mono<Void> kill(Site site, String sql) {
    return Mono.<Void>fromCallable(
            () -> {
              site.run(sql);
              return null;
            })
        .subscribeOn(Schedulers.boundedElastic());
  }

  // ---- the same statements

  /** COPY, binary arrays and text, through whatever wraps the connection. */
  @ParameterizedTest
  @EnumSource(Database.class)
  void largeBatchesOfManyTypesAreWritten(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      site.run(
          "CREATE TABLE wide (id INTEGER PRIMARY KEY, amount DECIMAL(12, 2), word VARCHAR(50),"
              + " flag BOOLEAN)");
      ConnectionPool pool =
          new ConnectionPool(
              ConnectionPoolConfiguration.builder(site.factory).initialSize(0).maxSize(2).build());
      for (boolean upsert : new boolean[] {false, true}) {
        Schema.Builder builder = Schema.table("wide").columns("id", "amount", "word", "flag");
        Schema wide =
            upsert
                ? builder.conflictKey("id").onConflict(ConflictStrategy.UPDATE).build()
                : builder.build();
        Mono.usingWhen(
                pool.create(),
                connection ->
                    Mono.from(connection.beginTransaction())
                        .thenMany(
                            site.writer.write(
                                connection,
                                Flux.range(0, 2_500)
                                    .map(
                                        id ->
                                            wide.row()
                                                .set("id", id)
                                                .set("amount", BigDecimal.valueOf(id, 2))
                                                .set("word", "w" + id)
                                                .set("flag", id % 2 == 0))))
                        .then(commit(connection)),
                Connection::close)
            .block(PATIENCE);

        assertThat(site.count("wide")).isEqualTo(2_500);
      }
      pool.disposeLater().block(PATIENCE);
    }
  }

  /** The driver of MySQL does not say that its server is MariaDB. */
  @ParameterizedTest
  @EnumSource(value = Database.class, mode = EnumSource.Mode.EXCLUDE, names = "MARIADB_BY_MYSQL")
  void laterRowsCanReferToTheKeysOfEarlierOnes(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      String number =
          database.isMySql() ? "BIGINT AUTO_INCREMENT" : "BIGINT GENERATED BY DEFAULT AS IDENTITY";
      site.run(
          "CREATE TABLE parents (n " + number + " PRIMARY KEY, word VARCHAR(20))",
          "CREATE TABLE children (parent BIGINT NOT NULL, word VARCHAR(20),"
              + " FOREIGN KEY (parent) REFERENCES parents (n))");
      Schema parents = Schema.table("parents").columns("word").build();
      Schema children = Schema.table("children").columns("parent", "word").build();
      Flux<Row> rows = Flux.range(0, 500).map(i -> parents.row().set("word", "w" + i));
      BatchPolicy policy = BatchPolicy.builder().maxSize(200).returning("n").build();

      site.committed(
          connection ->
              site.writer
                  .write(connection, rows, policy)
                  .map(
                      parent ->
                          children
                              .row()
                              .set("parent", Objects.requireNonNull(parent.result()).value("n"))
                              .set("word", parent.row().value("word")))
                  .collectList()
                  .flatMapMany(list -> site.writer.write(connection, Flux.fromIterable(list))));

      assertThat(site.count("children")).isEqualTo(500);
      assertThat(site.count("children JOIN parents ON n = parent AND parents.word = children.word"))
          .isEqualTo(500);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Database.class, mode = EnumSource.Mode.EXCLUDE, names = "MARIADB_BY_MYSQL")
  void nothingOfAFailedBatchIsLeftIfValuesReturn(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      BatchPolicy policy = BatchPolicy.builder().returning("id").build();
      Flux<Row> rows = orders(50).concatWith(Flux.just(order(25, "again")));

      List<Long> left =
          site.committed(
              connection ->
                  site.writer
                      .write(connection, rows, policy)
                      .concatWith(Flux.error(new AssertionError("It was to fail")))
                      .onErrorResume(
                          RowRejectedException.class,
                          failure -> {
                            assertThat(failure.row().value("name")).isEqualTo("again");
                            return Flux.empty();
                          })
                      .thenMany(connection.createStatement("SELECT COUNT(*) FROM orders").execute())
                      .concatMap(result -> result.map(row -> row.get(0, Long.class))));

      assertThat(left).containsExactly(0L);
      assertThat(site.count("orders")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void verdictsAreGivenOnRequest(Database database) throws SQLException {
    try (Site site = new Site(database)) {
      site.run("INSERT INTO orders VALUES (1, 'old')");
      BatchPolicy policy = BatchPolicy.builder().rowVerdicts(true).build();

      List<Outcome<Row>> outcomes =
          site.committed(
              connection ->
                  site.writer.write(connection, Flux.just(name(1, "a"), name(2, "b")), policy));

      assertThat(outcomes)
          .extracting(outcome -> Objects.requireNonNull(outcome.result()).verdict().name())
          .containsExactlyElementsOf(
              database == Database.POSTGRES
                  ? List.of("UPDATED", "INSERTED")
                  : List.of("WRITTEN", "WRITTEN"));
    }
  }

  // ---- tables

  /** Several tenants in one database: the session says whose table a bare name means. */
  @ParameterizedTest
  @EnumSource(Database.class)
  void aNameMeansTheTableThatTheCallersSessionSees(Database database) throws SQLException {
    try (Site site = new Site(database)) {
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
    try (Site site = new Site(database)) {
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
    try (Site site = new Site(database)) {
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
    try (Site site = new Site(database)) {
      Schema missing = Schema.table("missing").columns("id").build();

      BatchFlowException failure =
          site.failed(
              connection -> site.writer.write(connection, Flux.just(missing.row().set("id", 1))));

      assertThat(failure).isInstanceOf(BatchWriteException.class);
      assertThat(failure.getCause()).hasMessageContaining("there is no such table");
    }
  }
}
