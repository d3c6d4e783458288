/** Clients for the Redis of an application. Not for applications. */
@NullMarked
package io.batchflow.spring.boot.redis;

import org.jspecify.annotations.NullMarked;
