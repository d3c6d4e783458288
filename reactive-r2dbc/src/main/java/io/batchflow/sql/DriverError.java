package io.batchflow.sql;

import org.jspecify.annotations.Nullable;

/**
 * The two codes that a driver gives with the failure of a statement.
 *
 * @param sqlState the SQLSTATE, null if the driver gives none
 * @param code the vendor's code, 0 if the driver gives none
 */
public record DriverError(@Nullable String sqlState, int code) {}
