package io.batchflow.spring.boot.actuate;

import io.batchflow.BatchPolicy;
import io.batchflow.Overflow;
import io.batchflow.control.TableControl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;

/** The options of a policy that can change while a flow runs. Those that are null stay. */
record PolicyChange(
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

  private static final PolicyChange NONE =
      new PolicyChange(null, null, null, null, null, null, null, null, null, null);

  /** Answers with the new policy. */
  Mono<WebEndpointResponse<?>> applyTo(TableControl table) {
    // A misspelt option would otherwise seem to be set.
    if (equals(NONE)) {
      return Answers.refuse(
          "No option is given. They are: maxSize, maxBytes, maxDelay, lingerWhenIdle, concurrency,"
              + " overflow, deliveryTimeout, maxPausedRows, share, reserved.");
    }
    BatchPolicy policy = appliedTo(table.policy());
    return table.policy(policy).thenReturn(new WebEndpointResponse<>(PolicyDescriptor.of(policy)));
  }

  private BatchPolicy appliedTo(BatchPolicy policy) {
    BatchPolicy.Builder builder = policy.toBuilder();
    PropertyMapper map = PropertyMapper.get();
    map.from(maxSize).to(builder::maxSize);
    map.from(maxBytes).as(DataSize::toBytes).to(builder::maxBytes);
    map.from(maxDelay).to(builder::maxDelay);
    map.from(lingerWhenIdle).to(builder::lingerWhenIdle);
    map.from(concurrency).to(builder::concurrency);
    map.from(overflow).to(builder::overflow);
    map.from(deliveryTimeout).to(builder::deliveryTimeout);
    map.from(maxPausedRows).to(builder::maxPausedRows);
    map.from(share).to(builder::share);
    map.from(reserved).to(builder::reserved);
    return builder.build();
  }
}
