package io.batchflow.examples.orders;

import io.batchflow.spring.data.BatchRepository;
import org.springframework.data.repository.reactive.ReactiveCrudRepository;

/** Reads products as always, and writes those of concurrent requests in batches. */
interface ProductRepository
    extends ReactiveCrudRepository<Product, String>, BatchRepository<Product> {}
