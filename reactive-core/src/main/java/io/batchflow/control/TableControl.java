package io.batchflow.control;

import io.batchflow.BatchPolicy;
import io.batchflow.stats.TableStats;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Controls one table of a running flow, with all its schemas: see {@link
 * io.batchflow.BatchFlow#control}. The flow may not have seen the table yet.
 *
 * <p>Thread-safe. Holds no state of its own: all controls of a table act on the same table. The
 * methods that return a Mono are cold: each subscription is one operation. They fail with {@link
 * io.batchflow.FlowClosedException} if the flow is closed or closes, except for {@link #resume} and
 * {@link #flush}.
 */
public interface TableControl {

  /** Returns the name of the table, as in {@link io.batchflow.Schema#table()}. */
  String table();

  /**
   * Returns the policy of the table. If its schemas have different ones, this is one of them;
   * {@link #stats()} has all.
   */
  BatchPolicy policy();

  /**
   * Changes the policy of the table, for all its schemas. The next batch follows it. Rows that wait
   * keep their places, and get the new {@link BatchPolicy#deliveryTimeout()}, which counts from
   * their submission. Start from {@link #policy()} with {@link BatchPolicy#toBuilder()}: options
   * that callers rely on cannot change, which are {@link BatchPolicy#ordering()}, {@link
   * BatchPolicy#rowVerdicts()} and {@link BatchPolicy#returning()}.
   *
   * @return completes when the policy applies. Fails with {@link
   *     io.batchflow.InvalidConfigurationException} if an option cannot change, or contradicts an
   *     option of the flow
   */
  Mono<Void> policy(BatchPolicy policy);

  /**
   * Stops the writes of the table. Its rows are accepted up to {@link
   * BatchPolicy.Builder#maxPausedRows maxPausedRows}, outside of the room of the flow, so they take
   * none from other tables. Further rows wait or fail by {@link BatchPolicy#overflow()}, and
   * streams request no more. Rows still expire by their {@link BatchPolicy#deliveryTimeout()}.
   *
   * <p>Batches in flight end as usual, retries included. A pause ends by {@link #resume}, or when
   * the flow closes, which writes the rows.
   *
   * @return completes when no batch of the table is in flight, or the table is resumed meanwhile
   */
  Mono<Void> pause();

  /**
   * Continues the writes of the table, and accepts rows again if it was drained. Held rows return
   * in the order of their submission, as the flow has room for them, before other submissions that
   * wait for room.
   *
   * @return completes when the table is no longer paused or drained, also if it was not
   */
  Mono<Void> resume();

  /** Returns whether the table is paused. */
  boolean isPaused();

  /**
   * Sends the waiting rows of the table now, like {@link io.batchflow.BatchFlow#flush()} does for
   * all tables. If the table is paused, they are sent after the resume. Looks at each row of the
   * table that has no outcome.
   *
   * @return completes when every row of the table that was submitted before this subscription has
   *     its outcome
   */
  Mono<Void> flush();

  /**
   * Turns new rows of the table away, with {@link io.batchflow.FlowClosedException}, and sends
   * those that wait now, also if the table was paused. It takes rows again after {@link #resume} or
   * {@link #pause}.
   *
   * @return completes when every row of the table that was submitted before has its outcome
   */
  Mono<Void> drain();

  /** Returns whether the table is drained, so that it takes no rows. */
  boolean isDrained();

  /** Returns the statistics of the table, for each of its schemas that the flow remembers. */
  List<TableStats> stats();
}
