@NullMarked
package io.batchflow.examples.tool;

import org.jspecify.annotations.NullMarked;
