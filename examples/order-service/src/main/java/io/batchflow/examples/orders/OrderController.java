package io.batchflow.examples.orders;

import io.batchflow.r2dbc.outbox.R2dbcOutbox;
import io.batchflow.spring.boot.web.FlowResponses;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Takes orders and their payments. A failure of a row is answered by the starter. */
@RestController
class OrderController {

  private final OrderService orders;
  private final FlowResponses responses;
  private final R2dbcOutbox outbox;

  OrderController(OrderService orders, FlowResponses responses, R2dbcOutbox outbox) {
    this.orders = orders;
    this.responses = responses;
    this.outbox = outbox;
  }

  /** An order. Its caller chooses the id, so that a repeat is answered with 409. */
  record NewOrder(UUID id, String customer, List<Item> items) {

    NewOrder {
      if (items == null || items.isEmpty()) {
        throw new IllegalArgumentException("An order has items.");
      }
    }

    List<OrderLine> lines() {
      return IntStream.range(0, items.size())
          .mapToObj(i -> new OrderLine(id, i + 1, items.get(i).sku(), items.get(i).quantity()))
          .toList();
    }
  }

  /** How many of a product are ordered. */
  record Item(String sku, int quantity) {}

  /** What is paid. */
  record Amount(int cents) {}

  @PostMapping("/orders")
  Mono<ResponseEntity<Void>> place(@RequestBody NewOrder order) {
    return orders.place(new Order(order.id(), order.customer()), order.lines()).map(responses::of);
  }

  @GetMapping("/orders/{id}/lines")
  Flux<OrderLine> lines(@PathVariable UUID id) {
    return orders.lines(id);
  }

  @PostMapping("/orders/{id}/payments")
  @ResponseStatus(HttpStatus.CREATED)
  Mono<Payment> pay(@PathVariable UUID id, @RequestBody Amount amount) {
    return orders.pay(id, amount.cents()).doOnSuccess(paid -> outbox.committed());
  }
}
