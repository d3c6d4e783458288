package io.batchflow;

import org.jspecify.annotations.Nullable;

/**
 * What a backend reported about a failed write, without types of its driver.
 *
 * @param sqlState the SQLSTATE; null if there is none
 * @param code the backend's own code: the error number of MySQL, MariaDB, H2 and SQLite, the first
 *     word of a Redis error; null if there is none. Never a value of a row
 * @param duplicateKey whether a row was rejected because its key, or a value of a unique index,
 *     already exists
 */
public record BackendError(
    @Nullable String sqlState, @Nullable String code, boolean duplicateKey) {}
