/** Objects instead of rows: a table of a flow that takes objects of one type. */
@NullMarked
package io.batchflow.table;

import org.jspecify.annotations.NullMarked;
