@NullMarked
package io.batchflow.examples.tables;

import org.jspecify.annotations.NullMarked;
