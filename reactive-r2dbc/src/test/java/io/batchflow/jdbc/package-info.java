/** Tests of the parts of the JDBC writer, without a database. */
@NullMarked
package io.batchflow.jdbc;

import org.jspecify.annotations.NullMarked;
