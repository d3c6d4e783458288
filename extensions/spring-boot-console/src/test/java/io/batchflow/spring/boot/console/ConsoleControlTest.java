package io.batchflow.spring.boot.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.audit.AuditTrail;
import io.batchflow.audit.TableAuditRecord;
import io.batchflow.spring.boot.actuate.BatchFlowEndpoint;
import io.batchflow.spring.boot.actuate.RecentErrors;
import io.batchflow.test.RecordingWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class ConsoleControlTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void theAuditNamesWhoPressedAButton() {
    List<TableAuditRecord> operations = new CopyOnWriteArrayList<>();
    AuditTrail trail =
        AuditTrail.builder("orders", batch -> Mono.empty())
            .tableOperations(operation -> Mono.fromRunnable(() -> operations.add(operation)))
            .build();
    BatchFlow flow = BatchFlow.builder(RecordingWriter.create()).listener(trail).build();
    ConsoleControl control =
        new ConsoleControl(new BatchFlowEndpoint(Map.of("orders", flow), new RecentErrors()));
    String command = "{\"flow\":\"orders\",\"table\":\"sales\",\"action\":\"pause\"}";

    control
        .handle(command.getBytes(StandardCharsets.UTF_8), Optional.of(() -> "ann"))
        .block(PATIENCE);
    flow.close().then(trail.flush()).block(PATIENCE);

    assertThat(operations)
        .singleElement()
        .satisfies(
            operation -> {
              assertThat(operation.operation()).isEqualTo("pause");
              assertThat(operation.user()).isEqualTo("ann");
            });
  }
}
