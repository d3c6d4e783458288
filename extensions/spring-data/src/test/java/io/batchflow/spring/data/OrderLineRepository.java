package io.batchflow.spring.data;

import org.springframework.data.repository.reactive.ReactiveCrudRepository;

interface OrderLineRepository
    extends ReactiveCrudRepository<OrderLine, OrderLine.LineId>, BatchRepository<OrderLine> {}
