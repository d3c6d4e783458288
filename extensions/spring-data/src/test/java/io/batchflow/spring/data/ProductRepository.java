package io.batchflow.spring.data;

import org.springframework.data.repository.reactive.ReactiveCrudRepository;

interface ProductRepository
    extends ReactiveCrudRepository<Product, Long>, BatchRepository<Product> {}
