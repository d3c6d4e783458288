/**
 * What runs the drain: its thread or scheduler, its clock, and the inbox that any thread posts to.
 */
@NullMarked
package io.batchflow.internal.loop;

import org.jspecify.annotations.NullMarked;
