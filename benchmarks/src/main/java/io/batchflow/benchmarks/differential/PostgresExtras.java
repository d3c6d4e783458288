package io.batchflow.benchmarks.differential;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Triggers, rules and indexes of PostgreSQL. */
final class PostgresExtras {

  private static final List<String> CODES =
      List.of("P0001", "42501", "42P01", "42601", "0A000", "ZX001", "22012", "23514", "XX000");

  private PostgresExtras() {}

  static @Nullable Extra of(Feature feature, List<Column> columns, SplittableRandom random) {
    if (feature == Feature.GENERATED_KEY) {
      return generatesKey(columns.get(0));
    }
    if (!Extras.hasMark(columns)) {
      return null;
    }
    return switch (feature) {
      case TRIGGER_RAISES ->
          trigger(
              feature,
              "IF NEW.n % 5 = 2 THEN RAISE EXCEPTION 'no' USING ERRCODE = '"
                  + Values.pick(CODES, random)
                  + "'; END IF; RETURN NEW;",
              random);
      case TRIGGER_CHANGES -> changes(columns, random);
      case TRIGGER_DROPS ->
          trigger(feature, "IF NEW.n % 6 = 1 THEN RETURN NULL; END IF; RETURN NEW;", random);
      case RULE ->
          new Extra(
              List.of(TableCase.MARK),
              List.of(TableCase.LOG),
              "",
              List.of("CREATE RULE also AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (NEW.n)"));
      case SECOND_KEY -> index(columns, random);
      default -> null;
    };
  }

  private static @Nullable Extra generatesKey(Column key) {
    return key.type().generated()
        ? new Extra(
            List.of(key.name()),
            List.of(
                "CREATE SEQUENCE made",
                "CREATE FUNCTION makes() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
                    + " IF COALESCE(NEW.k0, 0) = 0 THEN NEW.k0 := nextval('made'); END IF;"
                    + " RETURN NEW; END$$"),
            "",
            List.of(
                "CREATE TRIGGER makes BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION makes()"))
        : null;
  }

  private static @Nullable Extra changes(List<Column> columns, SplittableRandom random) {
    Column text = Extras.free(columns, Kind.TEXT);
    Column number = Extras.free(columns, Kind.DECIMAL);
    Column changed = text != null ? text : number;
    if (changed == null) {
      return null;
    }
    String value = text != null ? "lower(NEW." + text.name() + ")" : "1";
    Extra trigger =
        trigger(
            Feature.TRIGGER_CHANGES,
            "NEW." + changed.name() + " := " + value + "; RETURN NEW;",
            random);
    return Extra.after(trigger.after(), changed.name());
  }

  private static Extra trigger(Feature feature, String body, SplittableRandom random) {
    String name = feature.name().toLowerCase(java.util.Locale.ROOT);
    String function =
        "CREATE FUNCTION "
            + name
            + "() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
            + body
            + " END$$";
    String when = random.nextBoolean() ? "BEFORE INSERT" : "BEFORE INSERT OR UPDATE";
    return Extra.after(
        List.of(
            function,
            "CREATE TRIGGER "
                + name
                + " "
                + when
                + " ON t FOR EACH ROW EXECUTE FUNCTION "
                + name
                + "()"),
        TableCase.MARK);
  }

  private static @Nullable Extra index(List<Column> columns, SplittableRandom random) {
    Column text = Extras.free(columns, Kind.TEXT);
    if (text == null || random.nextBoolean()) {
      return null;
    }
    String index = "CREATE UNIQUE INDEX second ON t (";
    return random.nextBoolean()
        ? Extra.after(List.of(index + text.name() + ") WHERE n % 2 = 0"), text.name(), "n")
        : Extra.after(List.of(index + "lower(" + text.name() + "))"), text.name());
  }
}
