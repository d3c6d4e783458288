package io.batchflow.sql.dialect;

/** Shows the tests of other packages which collations of MySQL are compared in Java. */
public final class Collations {

  private Collations() {}

  /** Returns whether some texts of the collation are told apart without the server. */
  public static boolean comparesInJava(String collation) {
    return MySqlKeys.comparesInJava(collation);
  }
}
