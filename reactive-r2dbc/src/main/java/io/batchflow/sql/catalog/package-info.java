/** The statements of catalogs of tables, for R2DBC and JDBC. Not part of the API. */
@NullMarked
package io.batchflow.sql.catalog;

import org.jspecify.annotations.NullMarked;
