@NullMarked
package io.batchflow.contract;

import org.jspecify.annotations.NullMarked;
