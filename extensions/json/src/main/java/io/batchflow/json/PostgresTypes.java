package io.batchflow.json;

import io.r2dbc.postgresql.codec.Box;
import io.r2dbc.postgresql.codec.Circle;
import io.r2dbc.postgresql.codec.Interval;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.postgresql.codec.Line;
import io.r2dbc.postgresql.codec.Lseg;
import io.r2dbc.postgresql.codec.Path;
import io.r2dbc.postgresql.codec.Point;
import io.r2dbc.postgresql.codec.Polygon;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The value types of r2dbc-postgresql. Loaded only if that driver is present. A {@code Json} that
 * is backed by a stream can be read once, either by the writer or here.
 */
final class PostgresTypes {

  private PostgresTypes() {}

  static List<ValueType<?>> types() {
    return List.of(
        new ValueType<>("pgjson", Json.class, Json::asString, Json::of),
        new ValueType<>("pginterval", Interval.class, PostgresTypes::text, PostgresTypes::interval),
        ValueType.printed("pgpoint", Point.class, text -> points(text, 1).get(0)),
        ValueType.printed("pgbox", Box.class, text -> two(text, Box::of)),
        ValueType.printed("pglseg", Lseg.class, text -> two(text, Lseg::of)),
        ValueType.printed("pgline", Line.class, PostgresTypes::line),
        ValueType.printed("pgcircle", Circle.class, PostgresTypes::circle),
        ValueType.printed(
            "pgpath", Path.class, text -> Path.of(text.startsWith("["), points(text))),
        ValueType.printed("pgpolygon", Polygon.class, text -> Polygon.of(points(text))));
  }

  /** Not the driver's text, as its own parser does not accept all of it. */
  private static String text(Interval interval) {
    return interval.getPeriod() + " " + interval.getDuration();
  }

  private static Interval interval(String text) {
    int blank = text.indexOf(' ');
    return Interval.of(
        Period.parse(text.substring(0, blank)), Duration.parse(text.substring(blank + 1)));
  }

  private static Line line(String text) {
    double[] numbers = numbers(text);
    check(numbers.length == 3);
    return Line.of(numbers[0], numbers[1], numbers[2]);
  }

  private static Circle circle(String text) {
    double[] numbers = numbers(text);
    check(numbers.length == 3);
    return Circle.of(numbers[0], numbers[1], numbers[2]);
  }

  private static <T> T two(String text, BiFunction<Point, Point, T> make) {
    List<Point> points = points(text, 2);
    return make.apply(points.get(0), points.get(1));
  }

  private static List<Point> points(String text, int count) {
    List<Point> points = points(text);
    check(points.size() == count);
    return points;
  }

  private static List<Point> points(String text) {
    double[] numbers = numbers(text);
    check(numbers.length % 2 == 0);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < numbers.length; i += 2) {
      points.add(Point.of(numbers[i], numbers[i + 1]));
    }
    return points;
  }

  /** Returns the numbers of a geometric text, ignoring everything between them. */
  private static double[] numbers(String text) {
    return Arrays.stream(text.split("[^-+.0-9A-Za-z]+"))
        .filter(number -> !number.isEmpty())
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  private static void check(boolean fits) {
    if (!fits) {
      throw new IllegalArgumentException("It has a wrong number of parts");
    }
  }
}
