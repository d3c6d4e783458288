/** Tests of both writers against real databases. */
@NullMarked
package io.batchflow.sql;

import org.jspecify.annotations.NullMarked;
