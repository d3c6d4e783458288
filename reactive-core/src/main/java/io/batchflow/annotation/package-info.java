/** Annotations of classes that are mapped to rows. None of them is required. */
@NullMarked
package io.batchflow.annotation;

import org.jspecify.annotations.NullMarked;
