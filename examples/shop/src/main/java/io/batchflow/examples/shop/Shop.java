package io.batchflow.examples.shop;

import io.batchflow.examples.shop.Services.Service;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient.RequestBodySpec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Customers order and pay, each payment becomes entries of a ledger and a parcel, and parcels send
 * their positions. In the end the books of the services must tell the same.
 */
final class Shop {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int CUSTOMERS = 64;
  private static final int PRICE = 450;
  private static final int POSITIONS = 20;
  private static final int REPEATED = 500;
  private static final ParameterizedTypeReference<Map<String, String>> TEXTS =
      new ParameterizedTypeReference<>() {};

  private final Services services;

  Shop(Services services) {
    this.services = services;
  }

  /** Takes the number of orders, by default 2,000. */
  public static void main(String[] args) throws Exception {
    Balance balance;
    try (Services services = new Services()) {
      balance = new Shop(services).sell(args.length == 0 ? 2_000 : Integer.parseInt(args[0]));
    }
    System.out.println(balance);
    System.exit(balance.isEven() ? 0 : 1);
  }

  /** Places orders, of which every tenth is not paid, and waits until all is done. */
  Balance sell(int orders) throws SQLException {
    send(
            services.orders.client().put().uri("/products/tea"),
            Map.of("name", "Tea", "priceCents", PRICE))
        .block(PATIENCE);
    List<UUID> paid =
        Flux.range(1, orders)
            .flatMap(this::order, CUSTOMERS)
            .collectList()
            .blockOptional(PATIENCE)
            .orElseThrow();
    track(paid);
    Mono.fromCallable(() -> services.tracker.number("SELECT COUNT(*) FROM parcels"))
        .filter(parcels -> parcels >= paid.size())
        .repeatWhenEmpty(fewer -> fewer.delayElements(Duration.ofMillis(50)))
        .block(PATIENCE);
    repeat(services.payments, "order.paid ", paid);
    repeat(services.tracker, "payment.booked ", paid);
    return balance(paid);
  }

  private Mono<UUID> order(int number) {
    UUID id = UUID.randomUUID();
    int pieces = 1 + number % 3;
    Mono<Void> placed =
        send(
            services.orders.client().post().uri("/orders"),
            Map.of(
                "id",
                id,
                "customer",
                "customer " + number % CUSTOMERS,
                "items",
                List.of(Map.of("sku", "tea", "quantity", pieces))));
    Mono<Void> paid =
        send(
            services.orders.client().post().uri("/orders/" + id + "/payments"),
            Map.of("cents", pieces * PRICE));
    return number % 10 == 0 ? placed.then(Mono.empty()) : placed.then(paid).thenReturn(id);
  }

  private static Mono<Void> send(RequestBodySpec request, Object body) {
    return request.bodyValue(body).retrieve().toBodilessEntity().then();
  }

  /** All parcels are under way at the same time. */
  private void track(List<UUID> parcels) {
    Flux<Map<String, Object>> positions =
        Flux.range(1, POSITIONS)
            .concatMap(
                nr ->
                    Flux.fromIterable(parcels)
                        .map(
                            parcel ->
                                Map.of(
                                    "parcel",
                                    parcel,
                                    "nr",
                                    nr,
                                    "latitude",
                                    52.5 + nr / 100.0,
                                    "longitude",
                                    13.4)));
    services
        .tracker
        .client()
        .post()
        .uri("/positions")
        .contentType(MediaType.APPLICATION_NDJSON)
        .body(positions, Map.class)
        .retrieve()
        .bodyToMono(Long.class)
        .block(PATIENCE);
  }

  /** Sends messages again, as a relay does that was killed before it could delete them. */
  private static void repeat(Service service, String prefix, List<UUID> orders) {
    String payload = "{\"order\":\"" + orders.get(0) + "\",\"customer\":\"twice\",\"cents\":1}";
    Flux.fromIterable(orders)
        .map(
            order ->
                Map.of("id", prefix + order, "key", order, "type", "repeated", "payload", payload))
        .buffer(REPEATED)
        .concatMap(batch -> send(service.client().post().uri("/messages"), batch))
        .blockLast(PATIENCE);
  }

  private Balance balance(List<UUID> paid) throws SQLException {
    return new Balance(
        services.orders.number("SELECT COUNT(*) FROM orders"),
        services.orders.number("SELECT COUNT(*) FROM orders WHERE status = 'PAID'"),
        services.orders.number("SELECT COALESCE(SUM(amount_cents), 0) FROM payments"),
        services.payments.number(
            "SELECT COALESCE(SUM(cents), 0) FROM entries WHERE account = 'shop'"),
        services.payments.number("SELECT COALESCE(SUM(cents), 0) FROM entries"),
        services.tracker.number("SELECT COUNT(*) FROM parcels"),
        services.tracker.number(
            "SELECT COUNT(*) FROM (SELECT parcel FROM positions JOIN parcels ON id = parcel"
                + " GROUP BY parcel HAVING COUNT(*) = "
                + POSITIONS
                + ") AS tracked"),
        arrived(paid));
  }

  private long arrived(List<UUID> parcels) {
    return Flux.fromIterable(parcels)
        .flatMap(
            parcel ->
                services
                    .tracker
                    .client()
                    .get()
                    .uri("/parcels/" + parcel + "/position")
                    .retrieve()
                    .bodyToMono(TEXTS),
            CUSTOMERS)
        .filter(position -> String.valueOf(POSITIONS).equals(position.get("nr")))
        .count()
        .blockOptional(PATIENCE)
        .orElseThrow();
  }
}
