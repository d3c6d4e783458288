package io.batchflow.r2dbc.retention;

/**
 * The rows that one transaction deletes, if they have expired.
 *
 * @param from the first time, as a text
 * @param page the first page; counts only in a part without an index
 * @param endPage the page after the last one
 * @param rows how many rows at most
 */
record Slice(String from, long page, long endPage, int rows) {}
