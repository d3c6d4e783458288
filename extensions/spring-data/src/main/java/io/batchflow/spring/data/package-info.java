/** Repositories of Spring Data R2DBC that write entities in batches. */
@NullMarked
package io.batchflow.spring.data;

import org.jspecify.annotations.NullMarked;
