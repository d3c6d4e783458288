package io.batchflow.sql;

import java.sql.Connection;
import java.sql.SQLException;
import org.h2.api.Trigger;
import org.jspecify.annotations.Nullable;

/** Fails for a row whose second column is an SQLSTATE and a number, such as {@code 08006/5}. */
public final class RaisingTrigger implements Trigger {

  @Override
  public void fire(
      Connection connection, @Nullable Object @Nullable [] before, @Nullable Object[] after)
      throws SQLException {
    String[] code = String.valueOf(after[1]).split("/", -1);
    if (code.length == 2 && code[0].isEmpty()) {
      throw new IllegalStateException("raised");
    }
    if (code.length == 2) {
      throw new SQLException("raised", code[0], Integer.parseInt(code[1]));
    }
  }
}
