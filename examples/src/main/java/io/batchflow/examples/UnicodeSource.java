package io.batchflow.examples;

import io.batchflow.Request;
import io.batchflow.Schema;
import java.util.List;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;

/**
 * Every character that the JDK knows: all assigned code points but surrogates, which are halves of
 * characters, and private use, which has no characters.
 */
final class UnicodeSource implements Source {

  static final String TABLE = "characters";
  static final String KEY = "code_point";

  private static final List<String> CATEGORIES =
      List.of(
          "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd", "Nl", "No", "Zs", "Zl", "Zp",
          "Cc", "Cf", "", "Co", "Cs", "Pd", "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So", "Pi",
          "Pf");

  private static final List<String> DIRECTIONS =
      List.of(
          "L", "R", "AL", "EN", "ES", "ET", "AN", "CS", "NSM", "BN", "B", "S", "WS", "ON", "LRE",
          "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI");

  static IntStream codePoints() {
    return IntStream.rangeClosed(Character.MIN_CODE_POINT, Character.MAX_CODE_POINT)
        .filter(
            point -> {
              int type = Character.getType(point);
              return type != Character.UNASSIGNED
                  && type != Character.SURROGATE
                  && type != Character.PRIVATE_USE;
            });
  }

  @Override
  public List<Column> columns() {
    return List.of(
        new Column(KEY, ColumnType.BIGINT),
        new Column("name", ColumnType.TEXT),
        new Column("block", ColumnType.TEXT),
        new Column("script", ColumnType.TEXT),
        new Column("category", ColumnType.TEXT),
        new Column("numeric_value", ColumnType.BIGINT),
        new Column("bidirectionality", ColumnType.TEXT));
  }

  @Override
  public long size() {
    return codePoints().count();
  }

  @Override
  public Flux<Request> rows(Schema schema, Refusals refusals) {
    return Flux.fromStream(() -> codePoints().mapToObj(point -> row(schema, point)));
  }

  @SuppressWarnings("CharacterGetNumericValue") // what the JDK says, letters as digits included
  private static Request row(Schema schema, int point) {
    int value = Character.getNumericValue(point);
    Character.UnicodeBlock block = Character.UnicodeBlock.of(point);
    return schema
        .request()
        .tag((long) point)
        .set(0, (long) point)
        .set(1, Character.getName(point))
        .set(2, block == null ? null : block.toString())
        .set(3, Character.UnicodeScript.of(point).name())
        .set(4, CATEGORIES.get(Character.getType(point)))
        .set(5, value < 0 ? null : (long) value)
        .set(6, DIRECTIONS.get(Character.getDirectionality(point)));
  }
}
