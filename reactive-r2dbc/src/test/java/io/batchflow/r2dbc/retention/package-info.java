@NullMarked
package io.batchflow.r2dbc.retention;

import org.jspecify.annotations.NullMarked;
