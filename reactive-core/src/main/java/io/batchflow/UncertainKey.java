package io.batchflow;

/** The type of {@link KeyEquality#UNCERTAIN}. */
enum UncertainKey {
  INSTANCE
}
