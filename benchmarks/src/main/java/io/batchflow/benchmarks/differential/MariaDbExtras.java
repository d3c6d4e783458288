package io.batchflow.benchmarks.differential;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Triggers and prefix keys of MariaDB. */
final class MariaDbExtras {

  private static final List<String> SIGNALS =
      List.of(
          "'45000'",
          "'45000' SET MYSQL_ERRNO = 30001",
          "'99999' SET MYSQL_ERRNO = 30001",
          "'42S02' SET MYSQL_ERRNO = 1146",
          "'42000' SET MYSQL_ERRNO = 1142",
          "'HY000' SET MYSQL_ERRNO = 1442");

  private MariaDbExtras() {}

  static @Nullable Extra of(Feature feature, List<Column> columns, SplittableRandom random) {
    if (!Extras.hasMark(columns)) {
      return null;
    }
    return switch (feature) {
      case TRIGGER_RAISES ->
          trigger(
              "raises",
              "BEFORE INSERT ON t FOR EACH ROW IF NEW.n % 5 = 2 THEN SIGNAL SQLSTATE "
                  + Values.pick(SIGNALS, random)
                  + "; END IF",
              TableCase.MARK);
      case TRIGGER_CHANGES -> changes(columns);
      case RULE ->
          new Extra(
              List.of(TableCase.MARK),
              List.of(TableCase.LOG),
              "",
              List.of(
                  "CREATE TRIGGER logs AFTER INSERT ON t FOR EACH ROW INSERT INTO log VALUES"
                      + " (NEW.n)"));
      case SECOND_KEY -> prefix(columns, random);
      default -> null;
    };
  }

  private static @Nullable Extra changes(List<Column> columns) {
    Column text = Extras.free(columns, Kind.TEXT);
    return text == null
        ? null
        : trigger(
            "changes",
            "BEFORE INSERT ON t FOR EACH ROW SET NEW."
                + text.name()
                + " = LOWER(NEW."
                + text.name()
                + ")",
            text.name());
  }

  private static Extra trigger(String name, String rest, String column) {
    return Extra.after(List.of("CREATE TRIGGER " + name + " " + rest), column);
  }

  private static @Nullable Extra prefix(List<Column> columns, SplittableRandom random) {
    Column text = Extras.free(columns, Kind.TEXT);
    return text == null || random.nextBoolean()
        ? null
        : Extra.constraint("UNIQUE KEY second (" + text.name() + "(2))", text.name());
  }
}
