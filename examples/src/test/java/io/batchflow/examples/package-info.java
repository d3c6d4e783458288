@NullMarked
package io.batchflow.examples;

import org.jspecify.annotations.NullMarked;
