package io.batchflow.testservers;

import java.io.IOException;

/**
 * A server of one's own that can be killed as by {@code kill -9}, and started again on the same
 * port and files. Not safe for concurrent use.
 */
public interface KillableServer extends AutoCloseable {

  /** Returns how to reach it. */
  TestServer server();

  /** Kills it, and waits until it is gone. */
  void kill() throws IOException;

  /** Starts it again, and waits until it answers. */
  void restart() throws IOException;

  @Override
  void close() throws IOException;
}
