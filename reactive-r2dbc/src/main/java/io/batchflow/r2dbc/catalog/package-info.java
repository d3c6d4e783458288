/** Catalogs of tables in a database: see {@link io.batchflow.r2dbc.catalog.R2dbcCatalogStore}. */
@NullMarked
package io.batchflow.r2dbc.catalog;

import org.jspecify.annotations.NullMarked;
