package io.batchflow.benchmarks.springdata;

import io.batchflow.spring.data.BatchRepository;
import org.springframework.data.repository.reactive.ReactiveCrudRepository;

/** The repository that is measured. */
public interface EventRepository
    extends ReactiveCrudRepository<Event, Long>, BatchRepository<Event> {}
