package io.batchflow.spring.boot.actuate;

import io.batchflow.FlowClosedException;
import io.batchflow.InvalidConfigurationException;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import reactor.core.publisher.Mono;

/** The answers to requests that cannot be served. They tell the operator what to change. */
final class Answers {

  private static final int CONFLICT = 409;

  private Answers() {}

  static Mono<WebEndpointResponse<?>> refuse(String why) {
    return answer(why, WebEndpointResponse.STATUS_BAD_REQUEST);
  }

  static Mono<WebEndpointResponse<?>> toFailure(Throwable failure) {
    String why = String.valueOf(failure.getMessage());
    if (failure instanceof InvalidConfigurationException) {
      return refuse(why);
    }
    return failure instanceof FlowClosedException ? answer(why, CONFLICT) : Mono.error(failure);
  }

  private static Mono<WebEndpointResponse<?>> answer(String why, int status) {
    return Mono.just(new WebEndpointResponse<>(Map.of("problem", why), status));
  }
}
