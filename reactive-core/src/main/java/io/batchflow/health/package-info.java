/** Whether a flow can do its work, and by which rules that is judged. */
@NullMarked
package io.batchflow.health;

import org.jspecify.annotations.NullMarked;
