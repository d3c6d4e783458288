package io.batchflow.spring.data;

import org.springframework.data.repository.reactive.ReactiveCrudRepository;

interface ParcelRepository extends ReactiveCrudRepository<Parcel, Long>, BatchRepository<Parcel> {}
