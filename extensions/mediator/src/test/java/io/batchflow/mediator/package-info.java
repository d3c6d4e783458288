@NullMarked
package io.batchflow.mediator;

import org.jspecify.annotations.NullMarked;
