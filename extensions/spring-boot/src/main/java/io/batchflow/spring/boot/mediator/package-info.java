/** A mediator over the handlers among the beans of an application. */
@NullMarked
package io.batchflow.spring.boot.mediator;

import org.jspecify.annotations.NullMarked;
