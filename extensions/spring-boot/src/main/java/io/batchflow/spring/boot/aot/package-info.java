/** What a native image of an application needs to know. */
@NullMarked
package io.batchflow.spring.boot.aot;

import org.jspecify.annotations.NullMarked;
