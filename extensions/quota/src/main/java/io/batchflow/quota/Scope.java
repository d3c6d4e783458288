package io.batchflow.quota;

import java.util.Locale;

/** Whose rows a quota limits. */
enum Scope {
  USER,
  TENANT,
  TABLE;

  /** Returns the word of messages and tags. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
