package io.batchflow.examples;

import io.batchflow.BatchWriteException;
import io.batchflow.RequestRejectedException;
import java.util.regex.Pattern;

/** The one line of a failure that its reader can use. */
final class Reason {

  /** H2 repeats the whole statement after its reason. */
  private static final Pattern TAIL = Pattern.compile("(; SQL statement:)?\\R.*", Pattern.DOTALL);

  private static final Pattern CREDENTIALS = Pattern.compile("(?<=//)[^/@\\s]*@");

  private Reason() {}

  /** Returns the database's own reason where there is one. */
  static String of(Throwable failure) {
    Throwable cause = failure.getCause();
    boolean carrier =
        failure instanceof RequestRejectedException
            || failure instanceof BatchWriteException
            || failure.getMessage() == null;
    if (carrier && cause != null) {
      return of(cause);
    }
    String message = failure.getMessage();
    return message == null
        ? failure.getClass().getSimpleName()
        : withoutCredentials(TAIL.matcher(message.strip()).replaceFirst(""));
  }

  /** Returns a text in which no URL shows a user or a password. */
  static String withoutCredentials(String text) {
    return CREDENTIALS.matcher(text).replaceAll("");
  }
}
