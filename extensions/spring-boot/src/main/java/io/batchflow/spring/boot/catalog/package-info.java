/** The catalog of an application: its store, its tables, and the flows that follow it. */
@NullMarked
package io.batchflow.spring.boot.catalog;

import org.jspecify.annotations.NullMarked;
