package io.batchflow.examples.orders;

import io.batchflow.BatchFlow;
import io.batchflow.Row;
import io.batchflow.WriteResult;
import io.batchflow.message.Message;
import io.batchflow.r2dbc.outbox.R2dbcOutbox;
import io.batchflow.table.RowMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Orders with their lines, and their payments. */
@Service
class OrderService {

  private static final RowMapper<Order> ORDERS = RowMapper.of(Order.class);
  private static final RowMapper<OrderLine> LINES = RowMapper.of(OrderLine.class);

  private final BatchFlow flow;
  private final PaymentRepository payments;
  private final DatabaseClient database;
  private final R2dbcOutbox outbox;
  private final JsonMapper json;

  OrderService(
      BatchFlow flow,
      PaymentRepository payments,
      DatabaseClient database,
      R2dbcOutbox outbox,
      JsonMapper json) {
    this.flow = flow;
    this.payments = payments;
    this.database = database;
    this.outbox = outbox;
    this.json = json;
  }

  /** Stores the order with all its lines or nothing, in a batch with the orders of others. */
  Mono<WriteResult> place(Order order, List<OrderLine> lines) {
    List<Row> rows = new ArrayList<>();
    rows.add(row(ORDERS, order));
    lines.forEach(line -> rows.add(row(LINES, line)));
    return flow.submitTogether(rows);
  }

  private static <T> Row row(RowMapper<T> mapper, T value) {
    Row row = mapper.schema().row();
    mapper.map(value, row);
    return row;
  }

  /**
   * Marks the order as paid, stores the payment and tells other services of it, in a transaction of
   * its own. What must be committed with a payment belongs here too.
   */
  @Transactional
  public Mono<Payment> pay(UUID order, int amountCents) {
    return database
        .sql(
            "UPDATE orders SET status = 'PAID' WHERE id = :id AND status = 'PLACED'"
                + " RETURNING customer")
        .bind("id", order)
        .mapValue(String.class)
        .one()
        .switchIfEmpty(Mono.error(OrderService::notDue))
        .flatMap(
            customer ->
                payments
                    .submit(new Payment(null, order, amountCents))
                    .flatMap(
                        payment ->
                            tell(new Paid(order, customer, amountCents)).thenReturn(payment)));
  }

  private Mono<Void> tell(Paid paid) {
    Message message =
        Message.builder("order.paid", json.writeValueAsBytes(paid))
            .id("order.paid " + paid.order())
            .key(paid.order().toString())
            .build();
    return database.inConnection(connection -> outbox.append(connection, List.of(message)));
  }

  private static ResponseStatusException notDue() {
    return new ResponseStatusException(HttpStatus.CONFLICT, "No such order waits for a payment.");
  }

  /** Finds the lines of an order; none if there is no such order. */
  Flux<OrderLine> lines(UUID order) {
    return database
        .sql("SELECT order_id, line, sku, quantity FROM order_lines WHERE order_id = :id")
        .bind("id", order)
        .mapProperties(OrderLine.class)
        .all();
  }
}
