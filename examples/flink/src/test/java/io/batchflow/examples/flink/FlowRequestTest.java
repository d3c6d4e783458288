package io.batchflow.examples.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.FlowClosedException;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.flink.connector.base.sink.writer.BufferedRequestState;
import org.apache.flink.connector.base.sink.writer.RequestEntryWrapper;
import org.apache.flink.connector.base.sink.writer.ResultHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Flink is told of the entries of a request, with a real database. */
class FlowRequestTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final BatchFlow flow =
      BatchFlow.builder(R2dbcBatchWriter.create("r2dbc:h2:mem:///flink")).build();
  private final Queue<Outcome<Row>> rejected = new ConcurrentLinkedQueue<>();
  private Connection connection;

  /** Completes with the entries to repeat, which are none if the request is complete. */
  private static final class Answer implements ResultHandler<Order> {

    final CompletableFuture<List<Order>> again = new CompletableFuture<>();

    @Override
    public void complete() {
      again.complete(List.of());
    }

    @Override
    public void completeExceptionally(Exception failure) {
      again.completeExceptionally(failure);
    }

    @Override
    public void retryForEntries(List<Order> entries) {
      again.complete(entries);
    }
  }

  @BeforeEach
  void createTable() throws SQLException {
    connection = DriverManager.getConnection("jdbc:h2:mem:flink");
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE orders (id BIGINT PRIMARY KEY, item VARCHAR(10))");
    }
  }

  @AfterEach
  void close() throws SQLException {
    flow.close().block(PATIENCE);
    connection.close();
  }

  private CompletableFuture<List<Order>> send(List<Order> orders) {
    Answer answer = new Answer();
    new FlowRequest<>(flow, OrderWriter::row, rejected::add).send(orders, answer);
    return answer.again.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private long rows() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM orders")) {
      count.next();
      return count.getLong(1);
    }
  }

  @Test
  void aRequestIsCompleteWhenItsRowsAreStored() throws Exception {
    List<Order> orders = LongStream.range(0, 1_000).mapToObj(id -> new Order(id, "tea")).toList();

    assertThat(send(orders).join()).isEmpty();
    assertThat(send(orders).join()).isEmpty();
    assertThat(rows()).isEqualTo(1_000);
  }

  @Test
  void aRejectedEntryIsKeptAndNotRepeated() throws Exception {
    List<Order> orders = List.of(new Order(1, "tea"), new Order(2, "longer than the column"));

    assertThat(send(orders).join()).isEmpty();
    assertThat(rows()).isEqualTo(1);
    assertThat(rejected)
        .singleElement()
        .satisfies(outcome -> assertThat(outcome.row().tag()).isEqualTo(orders.get(1)));
  }

  @Test
  void aClosedFlowFailsTheJob() {
    flow.close().block(PATIENCE);

    assertThat(send(List.of(new Order(1, "tea"))))
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .havingRootCause()
        .isInstanceOf(FlowClosedException.class);
  }

  @Test
  void theStateOfACheckpointIsReadBack() throws IOException {
    OrderState state = new OrderState();
    RequestEntryWrapper<Order> waiting = new RequestEntryWrapper<>(new Order(7, "tea"), 14);
    byte[] bytes = state.serialize(new BufferedRequestState<>(List.of(waiting)));

    assertThat(state.deserialize(1, bytes).getBufferedRequestEntries())
        .singleElement()
        .satisfies(entry -> assertThat(entry.getRequestEntry()).isEqualTo(new Order(7, "tea")));
  }
}
