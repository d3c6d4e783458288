package io.batchflow.examples;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record of a CSV file.
 *
 * @param line the line on which it starts; the first line is 1
 * @param fields its fields; null for an empty field without quotes
 */
record CsvRecord(long line, List<@Nullable String> fields) {

  /** Returns the line on which the last field starts. */
  long lastFieldsLine() {
    long breaks =
        fields.subList(0, fields.size() - 1).stream()
            .filter(Objects::nonNull)
            .mapToLong(field -> field.lines().count() - 1)
            .filter(more -> more > 0)
            .sum();
    return line + breaks;
  }

  /**
   * Builds records. Unlike FastCSV's own handlers, distinguishes an empty field from {@code ""}.
   */
  static final class Handler extends AbstractBaseCsvCallbackHandler<CsvRecord> {

    private List<@Nullable String> fields = List.of();

    @Override
    protected void handleBegin(long startingLineNumber) {
      fields = new ArrayList<>(fields.size());
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
      fields.add(length == 0 && !quoted ? null : new String(buffer, offset, length));
    }

    @Override
    protected CsvRecord buildRecord() {
      return new CsvRecord(getStartingLineNumber(), Collections.unmodifiableList(fields));
    }
  }
}
