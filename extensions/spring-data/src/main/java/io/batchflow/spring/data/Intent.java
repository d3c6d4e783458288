package io.batchflow.spring.data;

/** What a caller wants to become of an entity. */
enum Intent {
  /** Insert what is new to Spring Data, and insert or update the others. */
  SUBMIT,
  INSERT,
  UPSERT;

  Intent resolved(boolean isNew) {
    return this == SUBMIT ? isNew ? INSERT : UPSERT : this;
  }
}
