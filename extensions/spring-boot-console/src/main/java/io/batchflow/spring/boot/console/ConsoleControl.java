package io.batchflow.spring.boot.console;

import io.batchflow.spring.boot.actuate.BatchFlowEndpoint;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Carries out what the buttons of the page ask for, as the actuator endpoint does. */
final class ConsoleControl {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final BatchFlowEndpoint endpoint;

  ConsoleControl(BatchFlowEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** Carries out a command in JSON. Completes empty if there is nothing to answer. */
  Mono<WebEndpointResponse<?>> handle(byte[] body, Optional<Principal> user) {
    Command command = read(body);
    if (command == null || command.flow == null || command.action == null) {
      return Mono.just(
          new WebEndpointResponse<>(
              Map.of("problem", "The body is no command in JSON with a flow and an action."),
              HttpStatus.BAD_REQUEST.value()));
    }
    SecurityContext caller = new Caller(user.orElse(null));
    return command.table == null
        ? endpoint.control(caller, command.flow, command.action)
        : endpoint.control(
            caller,
            command.flow,
            command.table,
            command.action,
            command.maxSize,
            null,
            command.maxDelayMillis == null ? null : Duration.ofMillis(command.maxDelayMillis),
            null,
            command.concurrency,
            null,
            null,
            null,
            null,
            null);
  }

  private static @Nullable Command read(byte[] body) {
    try {
      return JSON.readValue(body, Command.class);
    } catch (JacksonException malformed) {
      return null;
    }
  }

  /** An action on a flow, or on one of its tables. */
  record Command(
      @Nullable String flow,
      @Nullable String table,
      @Nullable String action,
      @Nullable Integer maxSize,
      @Nullable Long maxDelayMillis,
      @Nullable Integer concurrency) {}

  private record Caller(@Nullable Principal user) implements SecurityContext {

    @Override
    public @Nullable Principal getPrincipal() {
      return user;
    }

    @Override
    public boolean isUserInRole(String role) {
      return false;
    }
  }
}
