/** When the flows and journals of an application close. Not for applications. */
@NullMarked
package io.batchflow.spring.boot.lifecycle;

import org.jspecify.annotations.NullMarked;
