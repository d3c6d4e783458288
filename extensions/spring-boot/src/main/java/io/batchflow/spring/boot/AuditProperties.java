package io.batchflow.spring.boot;

import org.jspecify.annotations.Nullable;

/**
 * The options of the audit.
 *
 * @param logger Name of the logger that gets a line for each batch. There is no audit without it.
 */
public record AuditProperties(@Nullable String logger) {}
