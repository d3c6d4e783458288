/** Catalogs of tables in Redis: see {@link io.batchflow.redis.catalog.RedisCatalogStore}. */
@NullMarked
package io.batchflow.redis.catalog;

import org.jspecify.annotations.NullMarked;
