package io.batchflow.sql.dialect;

/** Shows tests in other packages which collations of MySQL are compared in Java. */
public final class Collations {

  private Collations() {}

  /** Returns whether some texts of the collation can be compared without the server. */
  public static boolean comparesInJava(String collation) {
    return MySqlKeys.comparesInJava(collation);
  }
}
