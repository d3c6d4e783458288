package io.batchflow.r2dbc.retention;

/** Makes the jobs of a database. Thread-safe. */
interface Jobs {

  /** Returns the name of the database. */
  String product();

  /** Returns whether jobs can check a fence. */
  boolean takesFences();

  /** Returns a job, which must not delete anything if its fence says so. */
  Job of(RetentionRule rule, Fence fence, RunCounts counts);
}
