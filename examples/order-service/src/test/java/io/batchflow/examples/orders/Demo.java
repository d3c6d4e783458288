package io.batchflow.examples.orders;

import io.batchflow.testservers.TestServers;

/** Runs the service with a PostgreSQL of its own, to try it. */
public final class Demo {

  private Demo() {}

  /** Runs the service until it is stopped. */
  public static void main(String[] args) {
    OrderApplication.main(
        new String[] {"--spring.r2dbc.url=" + TestServers.postgres().r2dbcUrl("postgresql", null)});
  }
}
