package io.batchflow.spring.data;

import org.springframework.data.repository.reactive.ReactiveCrudRepository;

interface StockRepository
    extends ReactiveCrudRepository<Stock, java.util.UUID>, BatchRepository<Stock> {}
