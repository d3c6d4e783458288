package io.batchflow.r2dbc.retention;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a time column holds. Times are texts in UTC, or in the zone of the column. */
enum TimeType {
  /** A moment, in whatever zone the session shows it. */
  MOMENT,
  /** A time without a zone. */
  LOCAL,
  /** A day without a zone. */
  DATE,
  /** A number of units since 1970. */
  EPOCH;

  /** The zone in which a local time comes last on earth. */
  private static final ZoneId LAST = ZoneOffset.ofHours(-12);

  private static final Duration DAY = Duration.ofDays(1);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  /** Returns the type of a column; null if it holds no times. */
  static @Nullable TimeType of(String type, boolean timestampIsMoment) {
    String lower = type.toLowerCase(Locale.ROOT);
    if (lower.startsWith("timestamp")) {
      return timestampIsMoment || lower.contains("with time zone") ? MOMENT : LOCAL;
    }
    if (lower.startsWith("datetime")) {
      return LOCAL;
    }
    if (lower.equals("date")) {
      return DATE;
    }
    return lower.matches("(big)?int(eger)?\\b.*") ? EPOCH : null;
  }

  /**
   * Returns the first time that is kept, as a text.
   *
   * @param zone the zone of a column without one; null if it is not known
   * @param unit what a number counts
   */
  String cutOff(Instant moment, @Nullable ZoneId zone, ChronoUnit unit) {
    ZoneId known = zone == null ? LAST : zone;
    return switch (this) {
      case MOMENT -> TIME.format(LocalDateTime.ofInstant(moment, ZoneOffset.UTC));
      case LOCAL -> TIME.format(local(moment, known));
      case DATE -> local(moment, known).toLocalDate().toString();
      case EPOCH -> Long.toString(Math.floorDiv(nanos(moment), unit.getDuration().toNanos()));
    };
  }

  private static long nanos(Instant moment) {
    return ChronoUnit.NANOS.between(Instant.EPOCH, moment);
  }

  /** If the clocks show a time twice, and this is the first time, rows may be of the second. */
  private static LocalDateTime local(Instant moment, ZoneId zone) {
    LocalDateTime local = LocalDateTime.ofInstant(moment, zone);
    ZoneOffsetTransition change = zone.getRules().getTransition(local);
    boolean comesAgain =
        change != null
            && change.isOverlap()
            && zone.getRules().getOffset(moment).equals(change.getOffsetBefore());
    return comesAgain ? change.getDateTimeAfter() : local;
  }

  /** Returns the time before which a value stands for something else than a time, as a text. */
  String earliest(ChronoUnit unit) {
    return switch (this) {
      case MOMENT -> "1970-01-02 00:00:00.000000";
      case LOCAL -> "1000-01-01 00:00:00.000000";
      case DATE -> "1000-01-01";
      case EPOCH -> Long.toString(DAY.toNanos() / unit.getDuration().toNanos());
    };
  }
}
