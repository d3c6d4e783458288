package io.batchflow.quota;

import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/** Who submits rows. */
record Caller(@Nullable String user, @Nullable String tenant, ContextView context) {}
