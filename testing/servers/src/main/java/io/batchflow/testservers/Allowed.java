package io.batchflow.testservers;

/** Forbids servers in the fast tests, for which the build sets the property to false. */
final class Allowed {

  private static final String PROPERTY = "batchflow.test.servers";

  private Allowed() {}

  /** Called before a server is started. */
  static void check() {
    if ("false".equals(System.getProperty(PROPERTY))) {
      throw new IllegalStateException(
          "The fast tests start no server: annotate this test class with @Tag(\"server\")");
    }
  }
}
