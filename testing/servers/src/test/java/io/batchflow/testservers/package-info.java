/** Tests of the test servers. */
@NullMarked
package io.batchflow.testservers;

import org.jspecify.annotations.NullMarked;
