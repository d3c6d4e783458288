package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import java.time.Duration;
import java.util.Locale;

/** The policies that {@link TablesPart} compares, for the same three tables. */
enum TablePolicies {
  /** One policy for all tables, with the options at their defaults. */
  GLOBAL {
    @Override
    BatchFlow.Builder applyTo(BatchFlow.Builder flow) {
      return flow;
    }
  },

  /** A policy for each table: orders go first, users wait for each other, logs leave room. */
  PER_TABLE {
    @Override
    BatchFlow.Builder applyTo(BatchFlow.Builder flow) {
      return flow.policy(
              "orders", BatchPolicy.builder().maxDelay(Duration.ZERO).reserved(1).build())
          .policy(
              "users",
              BatchPolicy.builder().maxDelay(Duration.ofMillis(50)).lingerWhenIdle(true).build())
          .policy("logs", BatchPolicy.builder().maxSize(2_000).share(0.5).build());
    }
  };

  abstract BatchFlow.Builder applyTo(BatchFlow.Builder flow);

  BatchFlow flow(BatchWriter writer, int concurrency) {
    return applyTo(BatchFlow.builder(writer).concurrency(concurrency)).build();
  }

  /** Returns the name as it is printed. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
