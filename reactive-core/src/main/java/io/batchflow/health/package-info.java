/** The health of a flow and the policy that defines it. */
@NullMarked
package io.batchflow.health;

import org.jspecify.annotations.NullMarked;
