/** Accepted rows on disk before they are acknowledged, and back into the flow after a crash. */
@NullMarked
package io.batchflow.journal;

import org.jspecify.annotations.NullMarked;
