/** The event loop of a flow: its thread or scheduler, its clock, and the inbox for all threads. */
@NullMarked
package io.batchflow.internal.loop;

import org.jspecify.annotations.NullMarked;
