/** Who may do what with which table. */
@NullMarked
package io.batchflow.guard;

import org.jspecify.annotations.NullMarked;
