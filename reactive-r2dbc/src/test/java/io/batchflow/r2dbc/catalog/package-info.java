@NullMarked
package io.batchflow.r2dbc.catalog;

import org.jspecify.annotations.NullMarked;
