package io.batchflow.spring.data;

import org.springframework.data.repository.reactive.ReactiveCrudRepository;

interface BasketRepository extends ReactiveCrudRepository<Basket, Long>, BatchRepository<Basket> {}
