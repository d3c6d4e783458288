package io.batchflow.jdbc;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.Schema;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SqlTable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The deadline of a write races with its connection, its end, and the start of the next write. */
public class InterruptStress {

  private static final Schema SCHEMA = Schema.table("items").columns("id").build();
  private static final Batch BATCH = new Batch(SCHEMA, List.of(SCHEMA.row().set("id", 1)));

  private static final SqlTable TABLE =
      SqlTable.resolve(
          SCHEMA,
          List.of(
              new CatalogRow(
                  "PUBLIC", true, "items", "id", "BIGINT", null, false, true, "", null, null)));

  private InterruptStress() {}

  private static <T> T stub(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static final ResultSet NO_ROWS =
      stub(ResultSet.class, (proxy, method, arguments) -> nothing(method));

  private static @Nullable Object nothing(Method method) {
    return method.getReturnType() == boolean.class ? false : null;
  }

  /** A database that reports whose statement is cancelled. Its statements take no time. */
  private static final class Database {

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private volatile int writing;
    private volatile int cancelled;

    private final PreparedStatement statement =
        stub(
            PreparedStatement.class,
            (proxy, method, arguments) -> {
              if (method.getName().equals("cancel")) {
                cancelled = writing;
              }
              if (method.getName().equals("executeQuery")) {
                return NO_ROWS;
              }
              return method.getReturnType() == int.class ? 1 : nothing(method);
            });

    private final Connection connection =
        stub(
            Connection.class,
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                closed.incrementAndGet();
              }
              boolean made = Statement.class.isAssignableFrom(method.getReturnType());
              return made ? statement : nothing(method);
            });

    private final DataSource source =
        stub(
            DataSource.class,
            (proxy, method, arguments) -> {
              opened.incrementAndGet();
              return connection;
            });

    BatchResult write(int batch, JdbcWorker worker) throws SQLException {
      JdbcSession session = worker.session();
      writing = batch;
      return session.run(TABLE, BATCH);
    }
  }

  /** The deadline of a write passes as it ends: the next write is not cancelled. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class InterruptAndNext {
    private final Database database = new Database();
    private final StressedQueue queue = new StressedQueue(database.source);
    private final StressedQueue.Piece late = queue.addWork(worker -> database.write(1, worker));
    private final StressedQueue.Piece next = queue.addWork(worker -> database.write(2, worker));

    @Actor
    public void run() {
      queue.runAll();
    }

    @Actor
    public void interrupt() {
      late.interrupt();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      queue.runAll();
      boolean whole = next.runs.get() == 1 && next.answers.get() == 1 && late.answers.get() == 1;
      result.r1 = whole && database.cancelled != 2 ? "ok" : "cancelled " + database.cancelled;
    }
  }

  /** A write is cancelled as it opens its connection: every connection is closed, once. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class GiveUpAndOpen {
    private final Database database = new Database();
    private final StressedQueue queue = new StressedQueue(database.source);
    private final StressedQueue.Piece givenUp = queue.addWork(worker -> database.write(1, worker));
    private final StressedQueue.Piece next = queue.addWork(worker -> database.write(2, worker));

    @Actor
    public void run() {
      queue.runFirst();
    }

    @Actor
    public void giveUp() {
      givenUp.giveUp();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      queue.runAll();
      queue.close();
      boolean whole = database.opened.get() == database.closed.get() && next.answers.get() == 1;
      result.r1 = whole ? "ok" : database.opened + " opened, " + database.closed + " closed";
    }
  }
}
