package io.batchflow.examples.flink;

import java.io.Serializable;

/** A record of the stream. */
record Order(long id, String item) implements Serializable {}
