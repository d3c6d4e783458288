@NullMarked
package io.batchflow.examples.orders;

import org.jspecify.annotations.NullMarked;
