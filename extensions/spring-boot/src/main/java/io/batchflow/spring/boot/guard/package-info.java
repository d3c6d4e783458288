/** The rights of users of an application, and who the user is. */
@NullMarked
package io.batchflow.spring.boot.guard;

import org.jspecify.annotations.NullMarked;
