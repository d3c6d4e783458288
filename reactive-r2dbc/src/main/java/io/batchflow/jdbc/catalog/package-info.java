/** Catalogs of tables over JDBC: see {@link io.batchflow.jdbc.catalog.JdbcCatalogStore}. */
@NullMarked
package io.batchflow.jdbc.catalog;

import org.jspecify.annotations.NullMarked;
