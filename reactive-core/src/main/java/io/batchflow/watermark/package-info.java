/**
 * How far a source has been stored: {@link io.batchflow.watermark.Watermarks} turns the outcomes of
 * rows, which arrive in any order, into the position up to which nothing is missing.
 */
@NullMarked
package io.batchflow.watermark;

import org.jspecify.annotations.NullMarked;
