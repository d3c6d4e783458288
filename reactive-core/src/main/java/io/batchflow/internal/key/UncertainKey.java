package io.batchflow.internal.key;

/** The type of {@link io.batchflow.KeyEquality#UNCERTAIN KeyEquality.UNCERTAIN}. */
public enum UncertainKey {
  INSTANCE
}
