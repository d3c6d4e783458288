@NullMarked
package io.batchflow.jdbc.catalog;

import org.jspecify.annotations.NullMarked;
