package io.batchflow.spring.boot.actuate;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchListener;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.spring.boot.BatchFlowBuilderCustomizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.util.context.ContextView;

/**
 * Remembers the last kinds of errors of each auto-configured flow, at most 20 of each. Holds no
 * values of rows. Thread-safe.
 */
public final class RecentErrors implements BatchFlowBuilderCustomizer {

  static final int MOST_KINDS = 20;

  private final Map<String, OfFlow> flows = new ConcurrentHashMap<>();

  @Override
  public void customize(String flow, BatchFlow.Builder builder) {
    OfFlow errors = new OfFlow();
    flows.put(flow, errors);
    builder.listener(errors);
  }

  /** Returns the errors of a flow, the latest first; none if it was not auto-configured. */
  public List<RecentError> of(String flow) {
    OfFlow errors = flows.get(flow);
    return errors == null ? List.of() : errors.latestFirst();
  }

  /**
   * Errors of one kind.
   *
   * @param rows how many rows ended so since the kind was first remembered
   * @param last when the last of them ended
   */
  public record RecentError(ErrorKind error, long rows, Instant last) {}

  private static final class OfFlow implements BatchListener {

    private final Map<ErrorKind, RecentError> byKind = new LinkedHashMap<>();

    @Override
    public void onNotWritten(Outcome<Row> outcome, ContextView context) {
      BatchFlowException error = outcome.error();
      if (error != null) {
        add(ErrorKind.of(outcome.row().schema().table(), error), Instant.now());
      }
    }

    private synchronized void add(ErrorKind kind, Instant now) {
      RecentError known = byKind.remove(kind);
      byKind.put(kind, new RecentError(kind, known == null ? 1 : known.rows + 1, now));
      if (byKind.size() > MOST_KINDS) {
        byKind.remove(byKind.keySet().iterator().next());
      }
    }

    synchronized List<RecentError> latestFirst() {
      List<RecentError> all = new ArrayList<>(byKind.values());
      Collections.reverse(all);
      return all;
    }
  }
}
