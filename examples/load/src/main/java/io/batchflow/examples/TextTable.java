package io.batchflow.examples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jline.utils.AttributedString;
import org.jspecify.annotations.Nullable;

/** Formats rows for people: columns are aligned, numbers to the right, and long texts are cut. */
public final class TextTable {

  private static final int USUAL_WIDTH = 36;
  private static final String GAP = "  ";
  private static final String ELLIPSIS = "...";

  private final List<List<String>> lines = new ArrayList<>();
  private final int[] widths;
  private final boolean[] numeric;
  private final int maxWidth;

  TextTable(List<String> header, List<List<@Nullable Object>> rows) {
    this(header, rows, USUAL_WIDTH);
  }

  /**
   * Formats rows. Each has a cell for each column of the header.
   *
   * @param maxWidth where longer texts are cut
   */
  public TextTable(List<String> header, List<List<@Nullable Object>> rows, int maxWidth) {
    this.maxWidth = maxWidth;
    this.widths = new int[header.size()];
    this.numeric = new boolean[header.size()];
    add(header);
    for (List<@Nullable Object> row : rows) {
      add(row);
      for (int i = 0; i < widths.length; i++) {
        numeric[i] |= row.get(i) instanceof Number;
      }
    }
  }

  private void add(List<? extends @Nullable Object> cells) {
    List<String> line = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      String cell = shorten(printable(Objects.toString(cells.get(i), "")));
      line.add(cell);
      widths[i] = Math.max(widths[i], width(cell));
    }
    lines.add(line);
  }

  private static String printable(String text) {
    return text.codePoints()
        .map(codePoint -> Character.isISOControl(codePoint) ? ' ' : codePoint)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private String shorten(String text) {
    return width(text) <= maxWidth
        ? text
        : new AttributedString(text).columnSubSequence(0, maxWidth - ELLIPSIS.length()) + ELLIPSIS;
  }

  /** Returns the width on a terminal, where some characters take two columns and some none. */
  private static int width(String text) {
    return new AttributedString(text).columnLength();
  }

  /** Returns the lines, with a separator line below the header. */
  public List<String> lines() {
    List<String> text = new ArrayList<>();
    for (List<String> line : lines) {
      text.add(aligned(line));
    }
    text.add(1, String.join(GAP, Arrays.stream(widths).mapToObj("-"::repeat).toList()));
    return text;
  }

  private String aligned(List<String> line) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - width(line.get(i)));
      text.append(i == 0 ? "" : GAP);
      text.append(numeric[i] ? padding + line.get(i) : line.get(i) + padding);
    }
    return text.toString().stripTrailing();
  }
}
