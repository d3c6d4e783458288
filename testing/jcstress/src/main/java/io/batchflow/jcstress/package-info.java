/** Runs jcstress tests from JUnit. For the tests of this project only. Not published. */
@NullMarked
package io.batchflow.jcstress;

import org.jspecify.annotations.NullMarked;
