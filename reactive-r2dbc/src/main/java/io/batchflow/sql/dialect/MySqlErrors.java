package io.batchflow.sql.dialect;

import io.batchflow.FailureKind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of the errors of MySQL and MariaDB, by their numbers: one driver gives no SQLSTATE,
 * the other a general one.
 */
final class MySqlErrors {

  /** Matched at the end only, as the text before it may quote values. */
  private static final Pattern AT_ROW = Pattern.compile("at row (\\d{1,9})$");

  static final int AT_COMMIT = 1180;

  /** "BIGINT value is out of range": the guard of the conflict key fails with it. */
  static final int OUT_OF_RANGE = 1690;

  private MySqlErrors() {}

  /** Returns the row that a message names, from 1; 0 if it names none. */
  static int badRow(String message) {
    Matcher row = AT_ROW.matcher(message);
    return row.find() ? Integer.parseInt(row.group(1)) : 0;
  }

  /** Returns whether the server refuses this user or this database. */
  static boolean isRefusal(int code) {
    return switch (code) {
      // Wrong user or password, no right to the database, no such database.
      case 1045, 1044, 1698, 1049 -> true;
      // Not from this host, unknown plugin, password expired, account locked (MySQL, MariaDB).
      case 1130, 1524, 1820, 1862, 3118, 4151 -> true;
      default -> false;
    };
  }

  static boolean isDuplicateKey(int code) {
    return switch (code) {
      // Duplicate entry: by value, by the key's name, in an index that is not known.
      case 1062, 1586, 1859 -> true;
      // By a storage engine: duplicate key on write, by a unique constraint.
      case 1022, 1169 -> true;
      default -> false;
    };
  }

  static FailureKind classify(@Nullable String sqlState, int code) {
    return switch (code) {
      // Lock wait, deadlock, no lock at once, changed since read.
      case 1205, 1213, 3572, 1020 -> FailureKind.CONTENTION;
      // Stopped: killed, out of time (MySQL, MariaDB).
      case 1317, 3024, 1969 -> FailureKind.CONTENTION;
      // A trigger may signal the following too, so a row may be the cause after all.
      // Too many connections, statements.
      case 1040, 1203, 1226, 1461, 1637 -> FailureKind.CONTENTION;
      // Read-only for now, replication not ready, disk or table full, definition just changed.
      case 1290, 1836, 1792, 3100, 1047, 1021, 1114, 1412 -> FailureKind.CONTENTION;
      // Lost, aborted, shut down, killed, network errors, an error at the commit.
      case 2006, 2013, 1152, 1053, 1927, 1158, 1159, 1160, 1161, AT_COMMIT -> FailureKind.UNKNOWN;
      // Duplicate, null, no default, too long, truncated, out of range, wrong value.
      case 1062, 1586, 1048, 1364, 1406, 1265, 1264, OUT_OF_RANGE, 1366, 1292, 1411, 1367, 1525 ->
          FailureKind.DATA;
      // Foreign keys, checks, no partition, JSON, geometry, bytes of no character, signalled.
      case 1452, 1451, 1216, 1217, 3819, 4025, 1526, 3140, 3141, 1416, 1300, 1644, 1365 ->
          FailureKind.DATA;
      // Larger than a packet: nothing is applied, the connection is lost, half may fit.
      case 1153 -> FailureKind.DATA;
      default -> byState(sqlState, code);
    };
  }

  private static FailureKind byState(@Nullable String sqlState, int code) {
    if (sqlState == null || sqlState.length() < 2) {
      return code == 0 ? FailureKind.UNKNOWN : FailureKind.PERMANENT;
    }
    return switch (sqlState.substring(0, 2)) {
      case "22", "23", "45" -> FailureKind.DATA;
      case "40" -> FailureKind.CONTENTION;
      case "08" -> FailureKind.UNKNOWN;
      default -> FailureKind.PERMANENT;
    };
  }
}
