package io.batchflow.r2dbc.retention;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which values of SQLite are times that have expired. A column of SQLite may hold any value, so
 * each value is judged by itself, and what is no time is kept.
 */
final class SqliteTimes {

  /**
   * SQLite would take other texts for times, too, such as {@code now} and {@code 12:30}. A day is
   * ten characters, and a time with a zone has a sign or a Z after them.
   */
  private static final String TEXTS =
      """
      typeof(%1$s) = 'text' AND %1$s GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'
      AND CASE WHEN length(%1$s) = 10 THEN %1$s >= '%2$s' AND %1$s < '%3$s'
      WHEN substr(%1$s, 11) GLOB '*[-+Zz]*'
      THEN unixepoch(%1$s) >= unixepoch('%4$s') AND unixepoch(%1$s) < unixepoch('%5$s')
      ELSE unixepoch(%1$s) >= unixepoch('%6$s') AND unixepoch(%1$s) < unixepoch('%7$s') END\
      """;

  private static final String NUMBERS = "typeof(%1$s) = 'integer' AND %1$s >= %2$s AND %1$s < %3$s";

  private SqliteTimes() {}

  /**
   * Returns the condition of values that have expired.
   *
   * @param column the quoted name of the column
   * @param moment a whole second
   * @param zone the zone of times without one; null if it is not known
   * @param unit what numbers count; null if texts are times
   */
  static String expired(
      String column, Instant moment, @Nullable ZoneId zone, @Nullable ChronoUnit unit) {
    if (unit != null) {
      return NUMBERS.formatted(
          column, TimeType.EPOCH.earliest(unit), TimeType.EPOCH.cutOff(moment, zone, unit));
    }
    ChronoUnit none = ChronoUnit.SECONDS;
    return TEXTS.formatted(
        column,
        TimeType.DATE.earliest(none),
        TimeType.DATE.cutOff(moment, zone, none),
        TimeType.MOMENT.earliest(none),
        TimeType.MOMENT.cutOff(moment, zone, none),
        TimeType.LOCAL.earliest(none),
        TimeType.LOCAL.cutOff(moment, zone, none));
  }
}
