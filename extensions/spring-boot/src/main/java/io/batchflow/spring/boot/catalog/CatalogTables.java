package io.batchflow.spring.boot.catalog;

import reactor.core.publisher.Mono;

/** Creates the tables of a store in its database. */
@FunctionalInterface
interface CatalogTables {

  Mono<Void> create();
}
