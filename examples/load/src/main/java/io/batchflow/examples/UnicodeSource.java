package io.batchflow.examples;

import io.batchflow.Row;
import io.batchflow.Schema;
import java.lang.Character.UnicodeBlock;
import java.lang.Character.UnicodeScript;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * All assigned Unicode characters that the JDK knows: the code points of every category except
 * unassigned, surrogate and private use. JDK 17 has 143,924.
 */
final class UnicodeSource implements Source {

  static final String TABLE = "characters";
  static final String KEY = "code_point";

  private static final List<Column> COLUMNS =
      List.of(
          new Column(KEY, ColumnType.INTEGER),
          new Column("name", ColumnType.TEXT),
          new Column("block", ColumnType.TEXT),
          new Column("script", ColumnType.TEXT),
          new Column("category", ColumnType.TEXT),
          new Column("numeric_value", ColumnType.INTEGER),
          new Column("bidirectionality", ColumnType.TEXT));

  /** The short category names of the Unicode standard by the JDK's numbers. 17 is not in use. */
  private static final List<String> CATEGORIES =
      List.of(
          ("Cn Lu Ll Lt Lm Lo Mn Me Mc Nd Nl No Zs Zl Zp Cc Cf -- Co Cs Pd Ps Pe Pc Po Sm Sc Sk So"
                  + " Pi Pf")
              .split(" "));

  private static final List<String> DIRECTIONALITIES =
      List.of(
          "L R AL EN ES ET AN CS NSM BN B S WS ON LRE LRO RLE RLO PDF LRI RLI FSI PDI".split(" "));

  private static boolean isCharacter(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.UNASSIGNED, Character.SURROGATE, Character.PRIVATE_USE -> false;
      default -> true;
    };
  }

  private static IntStream characters() {
    return IntStream.rangeClosed(0, Character.MAX_CODE_POINT).filter(UnicodeSource::isCharacter);
  }

  @Override
  public String description() {
    return "%,d Unicode characters of Java %d".formatted(size(), Runtime.version().feature());
  }

  @Override
  public long size() {
    return characters().count();
  }

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public Flux<Row> rows(Schema schema, List<ColumnType> types, Rejections rejections) {
    return Flux.fromStream(() -> characters().mapToObj(codePoint -> row(schema, codePoint)));
  }

  private static Row row(Schema schema, int codePoint) {
    return schema
        .row()
        .tag((long) codePoint)
        .set(KEY, codePoint)
        .set("name", Character.getName(codePoint))
        .set("block", String.valueOf(UnicodeBlock.of(codePoint)))
        .set("script", UnicodeScript.of(codePoint).name())
        .set("category", CATEGORIES.get(Character.getType(codePoint)))
        .set("numeric_value", numericValue(codePoint))
        .set("bidirectionality", DIRECTIONALITIES.get(Character.getDirectionality(codePoint)));
  }

  /**
   * Returns null if there is no numeric value, or if it is not an integer, as for a fraction. The
   * JDK also counts letters as digits: A is 10.
   */
  @SuppressWarnings("CharacterGetNumericValue")
  private static @Nullable Integer numericValue(int codePoint) {
    int value = Character.getNumericValue(codePoint);
    return value < 0 ? null : value;
  }

  @Override
  public String place(long position) {
    return "U+%04X".formatted(position);
  }

  @Override
  public List<Integer> showpieces() {
    return List.of(0x41, 0x663, 0x3A9, 0x5D0, 0x2167, 0x20AC, 0x4E2D, 0x1F680);
  }
}
