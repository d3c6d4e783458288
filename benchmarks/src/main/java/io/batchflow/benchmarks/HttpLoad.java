package io.batchflow.benchmarks;

import java.net.URI;
import java.time.Duration;

/** Clients that post an event each, and the next one as soon as they have the answer. */
interface HttpLoad {

  /**
   * What a round measured.
   *
   * @param p50 of a request, in milliseconds, as p99
   * @param wrong the requests that were not answered with 201
   */
  record Measured(long requests, double seconds, double p50, double p99, long wrong) {

    double perSecond() {
      return requests / seconds;
    }

    long stored() {
      return requests - wrong;
    }
  }

  /** Names the program that makes the load. */
  String name();

  /** Posts events, each with an id of its own in this round, on connections that stay open. */
  Measured run(URI uri, int connections, Duration length) throws Exception;
}
