package io.batchflow.spring.data;

import org.springframework.data.repository.reactive.ReactiveCrudRepository;

interface PostRepository extends ReactiveCrudRepository<Post, Long>, BatchRepository<Post> {}
