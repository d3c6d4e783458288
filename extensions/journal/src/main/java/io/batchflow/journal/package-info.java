/** Stores rows on disk before they are acknowledged, and replays them after a crash. */
@NullMarked
package io.batchflow.journal;

import org.jspecify.annotations.NullMarked;
