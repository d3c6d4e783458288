/** Three consumer processes store a topic in PostgreSQL, although one after the other is killed. */
@NullMarked
package io.batchflow.examples.pipeline;

import org.jspecify.annotations.NullMarked;
