package io.batchflow.examples;

import io.batchflow.BatchWriteException;
import io.batchflow.InvalidRowException;
import io.batchflow.RowRejectedException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The reason of a failure in one line that helps the user. */
public final class Reason {

  /** H2 appends the whole statement to its reason. */
  private static final Pattern TAIL = Pattern.compile("(; SQL statement:)?\\R.*", Pattern.DOTALL);

  private static final Pattern WORD = Pattern.compile("\\S+");
  private static final Pattern PASSWORD = Pattern.compile("(?i)(?<=password=)[^&\\s]+");

  private Reason() {}

  /** Returns the database's own reason if there is one. */
  public static String of(Throwable failure) {
    Throwable cause = failure.getCause();
    boolean carrier =
        failure instanceof RowRejectedException
            || failure instanceof BatchWriteException
            || failure instanceof InvalidRowException
            || failure.getMessage() == null;
    if (carrier && cause != null) {
      return of(cause);
    }
    String message = failure.getMessage();
    return message == null
        ? failure.getClass().getSimpleName()
        : withoutCredentials(TAIL.matcher(message.strip()).replaceFirst(""));
  }

  /** Removes users and passwords from the URLs in a text. */
  public static String withoutCredentials(String text) {
    String hidden = PASSWORD.matcher(text).replaceAll("...");
    return WORD.matcher(hidden)
        .replaceAll(word -> Matcher.quoteReplacement(withoutUser(word.group())));
  }

  /**
   * Cuts up to the last {@code @}, since a password may contain one that is not percent-encoded.
   */
  private static String withoutUser(String url) {
    int from = url.indexOf("//") + 2;
    int to = url.lastIndexOf('@') + 1;
    return from >= 2 && from < to ? url.substring(0, from) + url.substring(to) : url;
  }
}
