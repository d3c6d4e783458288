@NullMarked
package io.batchflow.tuning;

import org.jspecify.annotations.NullMarked;
