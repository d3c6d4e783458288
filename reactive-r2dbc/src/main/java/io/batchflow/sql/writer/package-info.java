/** What the SQL writers share: neither how they reach a database nor what a dialect says. */
@NullMarked
package io.batchflow.sql.writer;

import org.jspecify.annotations.NullMarked;
