package io.batchflow.spring.boot.actuate;

import io.batchflow.BatchFlow;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import reactor.core.publisher.Mono;

/**
 * Shows the flows of the application, each by the name of its bean. It is read-only unless {@code
 * management.endpoint.batchflow.access} is {@code unrestricted}. Holds no values of rows.
 */
@Endpoint(id = "batchflow", defaultAccess = Access.READ_ONLY)
public final class BatchFlowEndpoint {

  private final Map<String, BatchFlow> flows;

  BatchFlowEndpoint(Map<String, BatchFlow> flows) {
    this.flows = new TreeMap<>(flows);
  }

  /** Returns all flows by name. */
  @ReadOperation
  public Map<String, Object> flows() {
    Map<String, FlowDescriptor> described = new TreeMap<>();
    flows.forEach((name, flow) -> described.put(name, FlowDescriptor.of(flow)));
    return OperationResponseBody.of(Map.<String, Object>of("flows", described));
  }

  /** Returns one flow, or null if there is none of that name. */
  @ReadOperation
  public @Nullable Object flow(@Selector String flow) {
    BatchFlow found = flows.get(flow);
    return found == null ? null : FlowDescriptor.of(found);
  }

  /**
   * Flushes a flow. Completes when every row submitted before has its outcome.
   *
   * @param action {@code flush}
   * @throws InvalidEndpointRequestException if there is no such flow or action
   */
  @WriteOperation
  public Mono<Void> control(@Selector String flow, @Selector String action) {
    BatchFlow found = flows.get(flow);
    if (found == null) {
      throw new InvalidEndpointRequestException(
          "There is no flow of that name. The flows are: " + String.join(", ", flows.keySet()),
          "unknown flow");
    }
    if (!action.equals("flush")) {
      throw new InvalidEndpointRequestException(
          "There is no action of that name. The action is: flush", "unknown action");
    }
    return found.flush();
  }
}
