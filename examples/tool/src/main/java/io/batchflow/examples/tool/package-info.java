/** The program {@code batchflow}: tables of a catalog, and their rows, from the command line. */
@NullMarked
package io.batchflow.examples.tool;

import org.jspecify.annotations.NullMarked;
