@NullMarked
package io.batchflow.mediator.behavior;

import org.jspecify.annotations.NullMarked;
