package io.batchflow.journal;

import io.batchflow.Schema;
import java.util.List;

/** What a row in the journal knows its Schema by, as text. */
final class SchemaId {

  private SchemaId() {}

  static String of(Schema schema) {
    return String.join(
        "\n",
        List.of(
            String.join(".", schema.tablePath()),
            schema.onConflict().name(),
            String.join("\t", schema.conflictKey()),
            String.join("\t", schema.columns())));
  }

  /** Returns the table that such a text is about. */
  static String tableOf(String id) {
    return id.lines().findFirst().orElse("");
  }
}
