package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.health.FlowHealth;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.sql.dialect.Dialects;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.h2.api.Trigger;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sqlite.SQLiteDataSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** A write that hangs in a database of this process never lands over a newer value. */
class InProcessLateWriteTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Schema ITEMS =
      Schema.table("items")
          .columns("id", "v")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  /** Holds the statement that first stores the value 1. */
  private static final class Hold {

    static Hold current = new Hold();

    private final CountDownLatch caught = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    void meet(long value) {
      if (value == 1 && caught.getCount() > 0) {
        caught.countDown();
        await(released);
      }
    }

    static void await(CountDownLatch latch) {
      boolean interrupted = false;
      while (latch.getCount() > 0) {
        try {
          assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException ignored) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Holds a row in H2. */
  public static final class HoldingTrigger implements Trigger {

    @Override
    public void fire(
        Connection connection, @Nullable Object @Nullable [] before, @Nullable Object[] after) {
      Hold.current.meet(((Number) after[1]).longValue());
    }
  }

  /** Holds a row in SQLite. */
  private static final class HoldingFunction extends org.sqlite.Function {

    @Override
    protected void xFunc() throws SQLException {
      Hold.current.meet(value_long(0));
      result(0);
    }
  }

  private static final String H2_TRIGGER =
      "CREATE TRIGGER held BEFORE INSERT, UPDATE ON items FOR EACH ROW CALL '"
          + HoldingTrigger.class.getName()
          + "'";

  private static final String SQLITE_TRIGGER =
      "CREATE TRIGGER held BEFORE INSERT ON items BEGIN SELECT hold(NEW.v); END";

  /**
   * A database and how a writer reaches it.
   *
   * @param url where others reach it
   */
  private record Site(String url, BatchWriter writer, String trigger) {}

  static Stream<Arguments> ways() {
    return Stream.<Arguments>of(
        arguments("h2", (Function<Path, Site>) directory -> h2()),
        arguments("h2 by JDBC", (Function<Path, Site>) directory -> h2ByJdbc()),
        arguments("sqlite", (Function<Path, Site>) InProcessLateWriteTest::sqlite));
  }

  private static Site h2() {
    String name = "mem:///" + UUID.randomUUID();
    return new Site(
        "jdbc:h2:" + name.replace("///", "") + ";DB_CLOSE_DELAY=-1",
        R2dbcBatchWriter.create("r2dbc:h2:" + name),
        H2_TRIGGER);
  }

  private static Site h2ByJdbc() {
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    return new Site(source.getUrl(), JdbcBatchWriter.create(source, Dialects.h2()), H2_TRIGGER);
  }

  private static Site sqlite(Path directory) {
    SQLiteDataSource source =
        new SQLiteDataSource() {
          @Override
          public org.sqlite.SQLiteConnection getConnection(String user, String password)
              throws SQLException {
            org.sqlite.SQLiteConnection connection = super.getConnection(user, password);
            org.sqlite.Function.create(connection, "hold", new HoldingFunction());
            return connection;
          }
        };
    source.setUrl("jdbc:sqlite:" + directory.resolve("late.db"));
    return new Site(
        source.getUrl(), JdbcBatchWriter.create(source, Dialects.sqlite()), SQLITE_TRIGGER);
  }

  private final Path directory;

  InProcessLateWriteTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** Tells when the flow gives a write up. */
  private static BatchWriter observed(BatchWriter writer, CountDownLatch abandoned) {
    return (BatchWriter)
        Proxy.newProxyInstance(
            BatchWriter.class.getClassLoader(),
            new Class<?>[] {BatchWriter.class},
            (proxy, method, arguments) -> {
              try {
                Object result = method.invoke(writer, arguments);
                return method.getName().equals("abandon")
                    ? ((Mono<?>) result).doOnSubscribe(begun -> abandoned.countDown())
                    : result;
              } catch (InvocationTargetException failure) {
                throw failure.getCause();
              }
            });
  }

  private static Row row(int value) {
    return ITEMS.row().set("id", 1).set("v", value);
  }

  private static Mono<Outcome<Row>> submit(BatchFlow flow, int value) {
    Mono<Outcome<Row>> outcome = flow.submitAll(Flux.just(row(value))).last().cache();
    outcome.subscribe();
    return outcome;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ways")
  void aWriteThatIsGivenUpNeverLandsOverANewerValue(String name, Function<Path, Site> way)
      throws Exception {
    Hold hold = new Hold();
    Hold.current = hold;
    Site site = way.apply(directory);
    try (Connection beside = DriverManager.getConnection(site.url());
        Statement statement = beside.createStatement()) {
      statement.execute("CREATE TABLE items (id INT PRIMARY KEY, v INT)");
      statement.execute(site.trigger());
      site.writer().write(new Batch(ITEMS, List.of(row(0)))).block(PATIENCE);
      CountDownLatch abandoned = new CountDownLatch(1);
      BatchFlow flow =
          BatchFlow.builder(observed(site.writer(), abandoned))
              .concurrency(1)
              .writeTimeout(Duration.ofMillis(200))
              .writeGrace(Duration.ofSeconds(2))
              .retry(Retry.fixedDelay(100, Duration.ofMillis(20)))
              .build();

      Mono<Outcome<Row>> old = submit(flow, 1);
      Hold.await(hold.caught);
      Hold.await(abandoned);
      Mono<Outcome<Row>> newer = submit(flow, 2);
      hold.released.countDown();

      assertThat(old.block(PATIENCE).error()).isNull();
      assertThat(old.block(PATIENCE).result().attempts()).isGreaterThan(1);
      assertThat(newer.block(PATIENCE).isWritten()).isTrue();
      assertThat(flow.health().reasons()).doesNotContain(FlowHealth.Reason.LATE_WRITE);
      flow.close().block(PATIENCE);
      try (ResultSet stored = statement.executeQuery("SELECT v FROM items")) {
        stored.next();
        assertThat(stored.getInt(1)).isEqualTo(2);
      }
    }
  }
}
