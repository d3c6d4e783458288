/** A live page about the flows of an application. */
@NullMarked
package io.batchflow.spring.boot.console;

import org.jspecify.annotations.NullMarked;
