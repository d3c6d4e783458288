/** Control of the tables of a running flow: pause, resume, flush, retune. */
@NullMarked
package io.batchflow.control;

import org.jspecify.annotations.NullMarked;
