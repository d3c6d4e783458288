/** Tables as units of configuration: see {@link io.batchflow.catalog.TableCatalog}. */
@NullMarked
package io.batchflow.catalog;

import org.jspecify.annotations.NullMarked;
