package io.batchflow.examples;

/** A column of a table to load. */
record Column(String name, ColumnType type) {}
