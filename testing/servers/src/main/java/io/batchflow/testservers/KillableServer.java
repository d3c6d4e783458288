package io.batchflow.testservers;

import java.io.IOException;

/**
 * A server for one test. It can be killed as by {@code kill -9} and started again with the same
 * port and files. Not safe for concurrent use.
 */
public interface KillableServer extends AutoCloseable {

  /** Returns its address. */
  TestServer server();

  /** Kills the server and waits until its process has ended. */
  void kill() throws IOException;

  /** Starts the server again and waits until it answers. */
  void restart() throws IOException;

  @Override
  void close() throws IOException;
}
