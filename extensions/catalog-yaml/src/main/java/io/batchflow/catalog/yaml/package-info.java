/** The tables of a catalog in YAML files. */
@NullMarked
package io.batchflow.catalog.yaml;

import org.jspecify.annotations.NullMarked;
