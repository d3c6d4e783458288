package io.batchflow.spring.boot;

import io.batchflow.BatchFlow;
import io.batchflow.audit.AuditRecord;
import io.batchflow.audit.AuditTrail;
import java.util.StringJoiner;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.Ordered;
import reactor.core.publisher.Mono;

/** Writes a line for each batch to the logger of the flow's properties. */
final class AuditLog implements BatchFlowBuilderCustomizer, Ordered {

  private final BatchFlowProperties properties;

  AuditLog(BatchFlowProperties properties) {
    this.properties = properties;
  }

  @Override
  public void customize(String flow, BatchFlow.Builder builder) {
    String logger = FlowSettings.of(flow, properties).option(layer -> layer.audit().logger());
    if (logger != null) {
      Log log = LogFactory.getLog(logger);
      builder.listener(
          AuditTrail.builder(flow, entry -> Mono.fromRunnable(() -> log.info(line(entry))))
              .build());
    }
  }

  static String line(AuditRecord entry) {
    StringJoiner line =
        new StringJoiner(" ")
            .add("flow=" + entry.flow())
            .add("table=" + entry.table())
            .add("operation=" + entry.operation())
            .add("status=" + entry.status())
            .add("rows=" + entry.rows())
            .add("deletes=" + entry.deletes())
            .add("rejected=" + entry.rejected())
            .add("attempts=" + entry.attempts())
            .add("tookMillis=" + entry.took().toMillis());
    if (entry.error() != null) {
      line.add("error=" + entry.error());
    }
    return line.toString();
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
