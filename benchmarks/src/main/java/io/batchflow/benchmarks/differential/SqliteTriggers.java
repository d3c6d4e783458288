package io.batchflow.benchmarks.differential;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Triggers and partial indexes of SQLite. */
final class SqliteTriggers {

  private SqliteTriggers() {}

  static @Nullable Extra of(Feature feature, List<Column> columns, SplittableRandom random) {
    if (!Extras.hasMark(columns)) {
      return null;
    }
    return switch (feature) {
      case TRIGGER_RAISES ->
          trigger(
              "raises",
              "BEFORE INSERT ON t WHEN NEW.n % 5 = 2 BEGIN SELECT RAISE(ABORT, 'no'); END");
      case TRIGGER_DROPS ->
          trigger("drops", "BEFORE INSERT ON t WHEN NEW.n % 6 = 1 BEGIN SELECT RAISE(IGNORE); END");
      case RULE ->
          new Extra(
              List.of(TableCase.MARK),
              List.of(TableCase.LOG),
              "",
              List.of(
                  "CREATE TRIGGER logs AFTER INSERT ON t BEGIN INSERT INTO log VALUES (NEW.n); END"));
      case SECOND_KEY -> partial(columns, random);
      default -> null;
    };
  }

  private static Extra trigger(String name, String rest) {
    return Extra.after(List.of("CREATE TRIGGER " + name + " " + rest), TableCase.MARK);
  }

  private static @Nullable Extra partial(List<Column> columns, SplittableRandom random) {
    Column text = Extras.free(columns, Kind.TEXT);
    return text == null || random.nextBoolean()
        ? null
        : Extra.after(
            List.of("CREATE UNIQUE INDEX second ON t (" + text.name() + ") WHERE n % 2 = 0"),
            text.name(),
            TableCase.MARK);
  }
}
