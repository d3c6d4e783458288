package io.batchflow.spring.boot.web;

/**
 * Why a line of NDJSON is not stored. It contains no value of the line.
 *
 * @param line the number of the line, from 1
 * @param status the status that a request with this line alone would be answered with
 * @param reason the simple name of the exception, or {@code UnreadableLine}
 * @param problem what is wrong, for people
 */
public record LineProblem(long line, int status, String reason, String problem) {}
