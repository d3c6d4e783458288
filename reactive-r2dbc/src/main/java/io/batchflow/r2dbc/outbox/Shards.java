package io.batchflow.r2dbc.outbox;

/** The parts of the outbox. Messages of one key are in one shard, which one relay publishes. */
final class Shards {

  static final int COUNT = 16;

  private static final int BITS = 4;

  private Shards() {}

  /** Returns the shard of a key: the same in each process and version. */
  static int of(String key) {
    return (key.hashCode() * 0x9E3779B1) >>> (Integer.SIZE - BITS);
  }

  /** Returns the name of the lease of a shard. */
  static String lease(int shard) {
    return "batchflow_outbox " + shard;
  }
}
