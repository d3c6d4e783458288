package io.batchflow.spring.boot;

import io.batchflow.BatchFlow;
import io.batchflow.audit.AuditRecord;
import io.batchflow.audit.AuditTrail;
import io.batchflow.audit.TableAuditRecord;
import io.batchflow.spi.Printable;
import java.util.StringJoiner;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import reactor.core.publisher.Mono;

/**
 * Writes a line for each batch, each operation on a table, and each row that is refused before the
 * flow, to the logger of the flow's properties.
 */
public final class AuditLog implements BatchFlowBuilderCustomizer, Ordered {

  private final BatchFlowProperties properties;

  AuditLog(BatchFlowProperties properties) {
    this.properties = properties;
  }

  @Override
  public void customize(String flow, BatchFlow.Builder builder) {
    AuditTrail trail = trail(flow);
    if (trail != null) {
      builder.listener(trail);
    }
  }

  /**
   * Returns the trail of a flow, such as for what stands before it.
   *
   * @param flow the name of its bean
   * @return null if its properties have no logger
   */
  public @Nullable AuditTrail trail(String flow) {
    String logger = FlowSettings.of(flow, properties).option(layer -> layer.audit().logger());
    if (logger == null) {
      return null;
    }
    Log log = LogFactory.getLog(logger);
    return AuditTrail.builder(flow, entry -> Mono.fromRunnable(() -> log.info(line(entry))))
        .tableOperations(entry -> Mono.fromRunnable(() -> log.info(line(flow, entry))))
        .build();
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

  static String line(String flow, TableAuditRecord entry) {
    StringJoiner line = new StringJoiner(" ").add("flow=" + flow);
    entry
        .fields()
        .forEach(
            (name, value) -> {
              if (value != null && !value.equals("")) {
                line.add(name + "=" + quoted(Printable.line(value.toString())));
              }
            });
    return line.toString();
  }

  /** A user name or a text must not forge a field. */
  private static String quoted(String value) {
    boolean plain = value.indexOf(' ') < 0 && value.indexOf('"') < 0 && value.indexOf('=') < 0;
    return plain ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
