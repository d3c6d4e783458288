/** Tests of what JDBC is done by, without a database. */
@NullMarked
package io.batchflow.jdbc;

import org.jspecify.annotations.NullMarked;
