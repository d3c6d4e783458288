/** Control of the tables of a running flow: pause, resume, flush, and another policy. */
@NullMarked
package io.batchflow.control;

import org.jspecify.annotations.NullMarked;
