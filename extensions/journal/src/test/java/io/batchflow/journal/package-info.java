@NullMarked
package io.batchflow.journal;

import org.jspecify.annotations.NullMarked;
