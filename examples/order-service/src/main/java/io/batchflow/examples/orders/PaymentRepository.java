package io.batchflow.examples.orders;

import io.batchflow.spring.data.BatchRepository;
import org.springframework.data.repository.reactive.ReactiveCrudRepository;

/** Payments are written in the transaction of their caller, if there is one. */
interface PaymentRepository
    extends ReactiveCrudRepository<Payment, Long>, BatchRepository<Payment> {}
