/** Runs jcstress tests from JUnit. For the tests of this project; not published. */
@NullMarked
package io.batchflow.jcstress;

import org.jspecify.annotations.NullMarked;
