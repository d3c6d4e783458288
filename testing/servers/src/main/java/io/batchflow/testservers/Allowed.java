package io.batchflow.testservers;

/** Keeps servers out of the fast tests, which the build runs with the property set to false. */
final class Allowed {

  private static final String PROPERTY = "batchflow.test.servers";

  private Allowed() {}

  /** Call before a server is started. */
  static void check() {
    if ("false".equals(System.getProperty(PROPERTY))) {
      throw new IllegalStateException(
          "The fast tests start no server: annotate this test class with @Tag(\"server\")");
    }
  }
}
