package io.batchflow.examples.orders;

import io.batchflow.coalesce.BatchHandler;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** The service. {@code application.properties} names its PostgreSQL. */
@SpringBootApplication
public class OrderApplication {

  /** Runs the service until it is stopped. */
  public static void main(String[] args) {
    SpringApplication.run(OrderApplication.class, args);
  }

  /** Finds the products of concurrent requests by one query. */
  @Bean
  BatchHandler<FindProduct, Product> findProducts(ProductRepository products) {
    return BatchHandler.lookup(
        finds ->
            products
                .findAllById(finds.stream().map(FindProduct::sku).toList())
                .collectMap(product -> new FindProduct(product.sku())));
  }
}
