package io.batchflow.benchmarks.differential;

/** The kind of a column's values, which decides the values that are tried. */
enum Kind {
  INTEGER,
  DECIMAL,
  FLOATING,
  TEXT,
  BINARY,
  BOOLEAN,
  DATE,
  TIME,
  TIMESTAMP,
  MOMENT,
  UUID,
  INTERVAL,
  JSON,
  INET,
  CHOICE,
  ARRAY
}
