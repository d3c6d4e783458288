@NullMarked
package io.batchflow.examples.shop;

import org.jspecify.annotations.NullMarked;
