/** Who may do what with which table, and what may stand before a flow. */
@NullMarked
package io.batchflow.guard;

import org.jspecify.annotations.NullMarked;
