package io.batchflow.examples.tracker;

/** A message of another service. */
record Received(String id, String key, String type, String payload) {}
