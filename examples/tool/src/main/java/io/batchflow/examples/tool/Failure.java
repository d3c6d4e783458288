package io.batchflow.examples.tool;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.backup.BackupException;
import io.batchflow.catalog.CatalogConflictException;
import io.batchflow.catalog.CatalogException;
import io.batchflow.catalog.TableExistsException;
import io.batchflow.catalog.TableMissingException;
import io.batchflow.examples.Reason;
import io.batchflow.sql.SqlWriteException;
import io.lettuce.core.RedisException;
import io.r2dbc.spi.R2dbcException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import reactor.core.Exceptions;

/**
 * What a failure means for the user.
 *
 * @param line what is wrong and what to do, without a value of a row or a password
 */
record Failure(int exitCode, String line) {

  static final int PARTIAL = 1;
  static final int USAGE = 2;
  static final int UNEXPECTED = 3;
  static final int REFUSED = 4;
  static final int UNUSABLE = 5;

  /** The classes of SQLSTATE whose messages name no values: connections, rights and names. */
  private static final Set<String> WITHOUT_VALUES = Set.of("08", "28", "3D", "42", "53", "57");

  /** The SQLSTATE of a missing table: of PostgreSQL, of MySQL and MariaDB, and of H2. */
  private static final Set<String> NO_TABLE = Set.of("42P01", "42S02", "42S03", "42S04");

  static Failure of(Throwable thrown) {
    Throwable failure = Exceptions.unwrap(thrown);
    return failure instanceof UncheckedIOException wrapped ? file(wrapped) : known(failure);
  }

  private static Failure known(Throwable failure) {
    if (failure instanceof ToolException known) {
      return new Failure(known.exitCode(), message(known));
    }
    if (failure instanceof InvalidConfigurationException invalid) {
      return new Failure(USAGE, message(invalid));
    }
    if (failure instanceof CatalogException refused) {
      return new Failure(REFUSED, refused(refused));
    }
    if (failure instanceof R2dbcException refused) {
      return new Failure(UNUSABLE, "The database refused a request: " + reason(refused));
    }
    if (failure instanceof RedisException refused) {
      return new Failure(UNUSABLE, "Redis cannot be used: " + reason(refused));
    }
    if (failure instanceof BackupException || failure instanceof SqlWriteException) {
      return new Failure(UNUSABLE, message(failure));
    }
    if (failure instanceof TimeoutException) {
      return new Failure(
          UNUSABLE, "There was no answer in time. Check the address, and whether the server runs.");
    }
    if (failure instanceof IOException) {
      return file(failure);
    }
    return new Failure(UNEXPECTED, "Unexpected failure: " + name(failure) + at(failure));
  }

  /** The message of an I/O failure is the name of the file, or what is wrong with it. */
  private static Failure file(Throwable broken) {
    String problem =
        broken instanceof UncheckedIOException
            ? message(broken)
            : name(broken) + ": " + message(broken);
    return new Failure(UNUSABLE, "A file cannot be used: " + problem);
  }

  private static String refused(CatalogException refused) {
    String table = "'" + refused.table() + "'";
    if (refused instanceof TableMissingException) {
      return "The catalog has no table "
          + table
          + ". See 'batchflow table list', or create it with 'batchflow table create'.";
    }
    if (refused instanceof TableExistsException) {
      return "The catalog has a table "
          + table
          + " already. Change it with 'batchflow table config', or add --if-not-exists.";
    }
    if (refused instanceof CatalogConflictException) {
      return "Table "
          + table
          + " was changed or dropped by somebody else. Look with 'batchflow table describe', and"
          + " decide again.";
    }
    return message(refused);
  }

  private static String reason(R2dbcException refused) {
    String state = refused.getSqlState();
    String name = name(refused) + (state == null ? "" : ", SQLSTATE " + state);
    if (state != null && NO_TABLE.contains(state)) {
      return Reason.of(refused)
          + " ("
          + name
          + "). 'batchflow init' creates the tables of the catalog.";
    }
    boolean tellable = state == null || WITHOUT_VALUES.contains(state.substring(0, 2));
    return tellable ? Reason.of(refused) + " (" + name + ")." : name + ".";
  }

  private static String reason(RedisException refused) {
    Throwable cause = refused;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return Reason.of(cause) + ". Check the URL and the password of the catalog.";
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? name(failure) : Reason.withoutCredentials(message);
  }

  private static String name(Throwable failure) {
    return failure.getClass().getSimpleName();
  }

  /** The message of an unknown failure may have values. */
  private static String at(Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    return trace.length == 0 ? "" : " at " + trace[0];
  }
}
