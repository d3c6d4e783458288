@NullMarked
package io.batchflow.catalog;

import org.jspecify.annotations.NullMarked;
