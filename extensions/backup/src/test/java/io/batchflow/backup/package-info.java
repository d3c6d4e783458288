@NullMarked
package io.batchflow.backup;

import org.jspecify.annotations.NullMarked;
