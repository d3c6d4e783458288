package io.batchflow.sql;

import java.sql.Connection;
import java.util.List;
import org.h2.api.Trigger;
import org.jspecify.annotations.Nullable;

/** Generates a key in place of 0, by the number in the second column. */
public final class KeyTrigger implements Trigger {

  /** Returns the statements that create the trigger on any database. */
  static List<String> on(String table, String key, Backend.Kind kind) {
    String before = "CREATE TRIGGER ids BEFORE INSERT ON " + table + " FOR EACH ROW ";
    String newKey = "NEW." + key;
    if (kind.isPostgres()) {
      return List.of(
          "CREATE FUNCTION ids() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF "
              + newKey
              + " = 0 THEN "
              + newKey
              + " := 1000 + NEW.v; END IF; RETURN NEW; END$$",
          before + "EXECUTE FUNCTION ids()");
    }
    return List.of(
        before
            + (kind.isH2()
                ? "CALL '" + KeyTrigger.class.getName() + "'"
                : "IF " + newKey + " = 0 THEN SET " + newKey + " = 1000 + NEW.v; END IF"));
  }

  @Override
  public void fire(
      Connection connection, @Nullable Object @Nullable [] before, @Nullable Object[] after) {
    if (Integer.valueOf(0).equals(after[0]) && after[1] instanceof Integer number) {
      after[0] = 1_000 + number;
    }
  }
}
