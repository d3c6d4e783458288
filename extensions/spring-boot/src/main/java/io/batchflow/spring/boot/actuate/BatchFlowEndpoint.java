package io.batchflow.spring.boot.actuate;

import io.batchflow.BatchFlow;
import io.batchflow.Overflow;
import io.batchflow.audit.AuditTrail;
import io.batchflow.control.TableControl;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * Shows and controls the flows of the application, each by the name of its bean. It is read-only
 * unless {@code management.endpoint.batchflow.access} is {@code unrestricted}. Holds no values of
 * rows.
 */
@Endpoint(id = "batchflow", defaultAccess = Access.READ_ONLY)
public final class BatchFlowEndpoint {

  private final Map<String, BatchFlow> flows;
  private final RecentErrors errors;

  /**
   * Creates the endpoint.
   *
   * @param flows the flows by name
   * @param errors their last errors
   */
  public BatchFlowEndpoint(Map<String, BatchFlow> flows, RecentErrors errors) {
    this.flows = new TreeMap<>(flows);
    this.errors = errors;
  }

  /** Returns all flows by name. */
  @ReadOperation
  public Map<String, Object> flows() {
    Map<String, FlowDescriptor> described = new TreeMap<>();
    flows.forEach((name, flow) -> described.put(name, FlowDescriptor.of(flow, errors.of(name))));
    return OperationResponseBody.of(Map.<String, Object>of("flows", described));
  }

  /** Returns one flow, or null if there is none of that name. */
  @ReadOperation
  public @Nullable Object flow(@Selector String flow) {
    BatchFlow found = flows.get(flow);
    return found == null ? null : FlowDescriptor.of(found, errors.of(flow));
  }

  /**
   * Flushes a flow. Completes when every row submitted before has its outcome.
   *
   * @param action {@code flush}
   * @return nothing, or status 400 with the reason if there is no such flow or action
   */
  @WriteOperation
  public Mono<WebEndpointResponse<?>> control(
      SecurityContext caller, @Selector String flow, @Selector String action) {
    return on(
        caller,
        flow,
        found ->
            action.equals("flush")
                ? found.flush().then(Mono.empty())
                : Answers.refuse("There is no action of that name for a flow. It is: flush."));
  }

  /**
   * Pauses, resumes or flushes one table, or changes its policy. An option that is absent stays as
   * it is.
   *
   * @param action {@code pause}, {@code resume}, {@code flush} or {@code retune}
   * @return the new policy after {@code retune}, or else nothing; status 400 with the reason if
   *     there is no such flow or action, or the policy is refused; status 409 if the flow is closed
   * @see TableControl
   */
  @WriteOperation
  public Mono<WebEndpointResponse<?>> control(
      SecurityContext caller,
      @Selector String flow,
      @Selector String table,
      @Selector String action,
      @Nullable Integer maxSize,
      @Nullable DataSize maxBytes,
      @Nullable Duration maxDelay,
      @Nullable Boolean lingerWhenIdle,
      @Nullable Integer concurrency,
      @Nullable Overflow overflow,
      @Nullable Duration deliveryTimeout,
      @Nullable Integer maxPausedRows,
      @Nullable Double share,
      @Nullable Integer reserved) {
    PolicyChange change =
        new PolicyChange(
            maxSize,
            maxBytes,
            maxDelay,
            lingerWhenIdle,
            concurrency,
            overflow,
            deliveryTimeout,
            maxPausedRows,
            share,
            reserved);
    return on(caller, flow, found -> act(found.control(table), action, change));
  }

  private static Mono<WebEndpointResponse<?>> act(
      TableControl table, String action, PolicyChange change) {
    return switch (action) {
      case "pause" -> table.pause().then(Mono.empty());
      case "resume" -> table.resume().then(Mono.empty());
      case "flush" -> table.flush().then(Mono.empty());
      case "retune" -> change.applyTo(table);
      default ->
          Answers.refuse(
              "There is no action of that name for a table. They are: pause, resume, flush,"
                  + " retune.");
    };
  }

  /** For the audit. */
  private static Map<String, Principal> userOf(SecurityContext caller) {
    Principal user = caller.getPrincipal();
    return user == null ? Map.of() : Map.of(AuditTrail.USER, user);
  }

  private Mono<WebEndpointResponse<?>> on(
      SecurityContext caller,
      String name,
      Function<BatchFlow, Mono<WebEndpointResponse<?>>> operation) {
    BatchFlow flow = flows.get(name);
    return flow == null
        ? Answers.refuse(
            "There is no flow of that name. The flows are: "
                + String.join(", ", flows.keySet())
                + ".")
        : Mono.defer(() -> operation.apply(flow))
            .onErrorResume(Answers::toFailure)
            .contextWrite(Context.of(userOf(caller)));
  }
}
