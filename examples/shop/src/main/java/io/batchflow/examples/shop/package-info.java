/** Three services that send each other messages, and the comparison of their books. */
@NullMarked
package io.batchflow.examples.shop;

import org.jspecify.annotations.NullMarked;
