package io.batchflow.examples;

/** A column of the rows to load. */
record Column(String name, ColumnType type) {}
