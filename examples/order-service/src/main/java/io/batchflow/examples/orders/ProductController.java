package io.batchflow.examples.orders;

import io.batchflow.mediator.Mediator;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/** Stores products, each by its own request. */
@RestController
class ProductController {

  private final ProductRepository products;
  private final Mediator mediator;

  ProductController(ProductRepository products, Mediator mediator) {
    this.products = products;
    this.mediator = mediator;
  }

  /** What a caller says of a product. */
  record Details(String name, int priceCents) {}

  /** Inserts or updates. The last of concurrent requests for a product wins. */
  @PutMapping("/products/{sku}")
  Mono<Product> put(@PathVariable String sku, @RequestBody Details details) {
    return products.submit(new Product(sku, details.name(), details.priceCents()));
  }

  /** Concurrent requests share one query. */
  @GetMapping("/products/{sku}")
  Mono<Product> get(@PathVariable String sku) {
    return mediator
        .send(new FindProduct(sku))
        .switchIfEmpty(Mono.error(() -> new ResponseStatusException(HttpStatus.NOT_FOUND)));
  }
}
