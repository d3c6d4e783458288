/** What every {@link io.batchflow.sql.SqlDialect} must hold, as a JUnit class to extend. */
@NullMarked
package io.batchflow.sql.contract;

import org.jspecify.annotations.NullMarked;
