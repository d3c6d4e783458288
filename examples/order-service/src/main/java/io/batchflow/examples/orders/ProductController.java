package io.batchflow.examples.orders;

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

  ProductController(ProductRepository products) {
    this.products = products;
  }

  /** What a caller says of a product. */
  record Details(String name, int priceCents) {}

  /** Inserts or updates. The last of concurrent requests for a product wins. */
  @PutMapping("/products/{sku}")
  Mono<Product> put(@PathVariable String sku, @RequestBody Details details) {
    return products.submit(new Product(sku, details.name(), details.priceCents()));
  }

  @GetMapping("/products/{sku}")
  Mono<Product> get(@PathVariable String sku) {
    return products
        .findById(sku)
        .switchIfEmpty(Mono.error(() -> new ResponseStatusException(HttpStatus.NOT_FOUND)));
  }
}
