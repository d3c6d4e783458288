package io.batchflow.sql;

import java.sql.Connection;
import org.h2.api.Trigger;
import org.jspecify.annotations.Nullable;

/** Generates a key in place of 0, by the number in the second column. */
public final class KeyTrigger implements Trigger {

  @Override
  public void fire(
      Connection connection, @Nullable Object @Nullable [] before, @Nullable Object[] after) {
    if (Integer.valueOf(0).equals(after[0]) && after[1] instanceof Integer number) {
      after[0] = 1_000 + number;
    }
  }
}
