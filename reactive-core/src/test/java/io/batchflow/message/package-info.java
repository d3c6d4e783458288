@NullMarked
package io.batchflow.message;

import org.jspecify.annotations.NullMarked;
