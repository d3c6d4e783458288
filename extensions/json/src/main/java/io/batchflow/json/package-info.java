/** Rows as JSON and back without loss. */
@NullMarked
package io.batchflow.json;

import org.jspecify.annotations.NullMarked;
