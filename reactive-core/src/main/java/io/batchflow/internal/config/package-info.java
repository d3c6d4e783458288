/** The options of a flow, checked. */
@NullMarked
package io.batchflow.internal.config;

import org.jspecify.annotations.NullMarked;
