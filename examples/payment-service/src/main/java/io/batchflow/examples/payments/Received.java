package io.batchflow.examples.payments;

/** A message of another service. */
record Received(String id, String key, String type, String payload) {}
