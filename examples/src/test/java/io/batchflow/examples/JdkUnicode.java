package io.batchflow.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the JDK knows of every character, read independently of the program. */
final class JdkUnicode {

  private static final Map<Byte, String> CATEGORIES =
      Map.ofEntries(
          Map.entry(Character.UPPERCASE_LETTER, "Lu"),
          Map.entry(Character.LOWERCASE_LETTER, "Ll"),
          Map.entry(Character.TITLECASE_LETTER, "Lt"),
          Map.entry(Character.MODIFIER_LETTER, "Lm"),
          Map.entry(Character.OTHER_LETTER, "Lo"),
          Map.entry(Character.NON_SPACING_MARK, "Mn"),
          Map.entry(Character.ENCLOSING_MARK, "Me"),
          Map.entry(Character.COMBINING_SPACING_MARK, "Mc"),
          Map.entry(Character.DECIMAL_DIGIT_NUMBER, "Nd"),
          Map.entry(Character.LETTER_NUMBER, "Nl"),
          Map.entry(Character.OTHER_NUMBER, "No"),
          Map.entry(Character.SPACE_SEPARATOR, "Zs"),
          Map.entry(Character.LINE_SEPARATOR, "Zl"),
          Map.entry(Character.PARAGRAPH_SEPARATOR, "Zp"),
          Map.entry(Character.CONTROL, "Cc"),
          Map.entry(Character.FORMAT, "Cf"),
          Map.entry(Character.DASH_PUNCTUATION, "Pd"),
          Map.entry(Character.START_PUNCTUATION, "Ps"),
          Map.entry(Character.END_PUNCTUATION, "Pe"),
          Map.entry(Character.CONNECTOR_PUNCTUATION, "Pc"),
          Map.entry(Character.OTHER_PUNCTUATION, "Po"),
          Map.entry(Character.INITIAL_QUOTE_PUNCTUATION, "Pi"),
          Map.entry(Character.FINAL_QUOTE_PUNCTUATION, "Pf"),
          Map.entry(Character.MATH_SYMBOL, "Sm"),
          Map.entry(Character.CURRENCY_SYMBOL, "Sc"),
          Map.entry(Character.MODIFIER_SYMBOL, "Sk"),
          Map.entry(Character.OTHER_SYMBOL, "So"));

  private static final Map<Byte, String> DIRECTIONALITIES =
      Map.ofEntries(
          Map.entry(Character.DIRECTIONALITY_LEFT_TO_RIGHT, "L"),
          Map.entry(Character.DIRECTIONALITY_RIGHT_TO_LEFT, "R"),
          Map.entry(Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC, "AL"),
          Map.entry(Character.DIRECTIONALITY_EUROPEAN_NUMBER, "EN"),
          Map.entry(Character.DIRECTIONALITY_EUROPEAN_NUMBER_SEPARATOR, "ES"),
          Map.entry(Character.DIRECTIONALITY_EUROPEAN_NUMBER_TERMINATOR, "ET"),
          Map.entry(Character.DIRECTIONALITY_ARABIC_NUMBER, "AN"),
          Map.entry(Character.DIRECTIONALITY_COMMON_NUMBER_SEPARATOR, "CS"),
          Map.entry(Character.DIRECTIONALITY_NONSPACING_MARK, "NSM"),
          Map.entry(Character.DIRECTIONALITY_BOUNDARY_NEUTRAL, "BN"),
          Map.entry(Character.DIRECTIONALITY_PARAGRAPH_SEPARATOR, "B"),
          Map.entry(Character.DIRECTIONALITY_SEGMENT_SEPARATOR, "S"),
          Map.entry(Character.DIRECTIONALITY_WHITESPACE, "WS"),
          Map.entry(Character.DIRECTIONALITY_OTHER_NEUTRALS, "ON"),
          Map.entry(Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING, "LRE"),
          Map.entry(Character.DIRECTIONALITY_LEFT_TO_RIGHT_OVERRIDE, "LRO"),
          Map.entry(Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING, "RLE"),
          Map.entry(Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE, "RLO"),
          Map.entry(Character.DIRECTIONALITY_POP_DIRECTIONAL_FORMAT, "PDF"),
          Map.entry(Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE, "LRI"),
          Map.entry(Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE, "RLI"),
          Map.entry(Character.DIRECTIONALITY_FIRST_STRONG_ISOLATE, "FSI"),
          Map.entry(Character.DIRECTIONALITY_POP_DIRECTIONAL_ISOLATE, "PDI"));

  private JdkUnicode() {}

  /** Returns the rows, by code point. */
  @SuppressWarnings("CharacterGetNumericValue")
  static List<List<@Nullable String>> rows() {
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (int character = 0; character <= Character.MAX_CODE_POINT; character++) {
      String category = CATEGORIES.get((byte) Character.getType(character));
      if (category == null) {
        continue;
      }
      int number = Character.getNumericValue(character);
      List<@Nullable String> row = new ArrayList<>();
      row.add(Integer.toString(character));
      row.add(Character.getName(character));
      row.add(Character.UnicodeBlock.of(character).toString());
      row.add(Character.UnicodeScript.of(character).toString());
      row.add(category);
      row.add(number < 0 ? null : Integer.toString(number));
      row.add(DIRECTIONALITIES.get(Character.getDirectionality(character)));
      rows.add(row);
    }
    return rows;
  }
}
