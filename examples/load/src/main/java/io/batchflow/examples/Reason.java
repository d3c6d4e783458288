package io.batchflow.examples;

import io.batchflow.BatchWriteException;
import io.batchflow.RowRejectedException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one line of a failure that its reader can use. */
final class Reason {

  /** H2 repeats the whole statement after its reason. */
  private static final Pattern TAIL = Pattern.compile("(; SQL statement:)?\\R.*", Pattern.DOTALL);

  private static final Pattern WORD = Pattern.compile("\\S+");
  private static final Pattern PASSWORD = Pattern.compile("(?i)(?<=password=)[^&\\s]+");

  private Reason() {}

  /** Returns the database's own reason where there is one. */
  static String of(Throwable failure) {
    Throwable cause = failure.getCause();
    boolean carrier =
        failure instanceof RowRejectedException
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
    String hidden = PASSWORD.matcher(text).replaceAll("...");
    return WORD.matcher(hidden)
        .replaceAll(word -> Matcher.quoteReplacement(withoutUser(word.group())));
  }

  /** Up to the last sign that may end them: not everyone writes percent codes. */
  private static String withoutUser(String url) {
    int from = url.indexOf("//") + 2;
    int to = url.lastIndexOf('@') + 1;
    return from >= 2 && from < to ? url.substring(0, from) + url.substring(to) : url;
  }
}
