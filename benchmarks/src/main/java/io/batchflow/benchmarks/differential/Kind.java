package io.batchflow.benchmarks.differential;

/** What the values of a column are, as far as it decides which values are tried. */
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
