package io.batchflow.spring.boot.tuning;

import io.batchflow.tuning.Tuning;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The bounds of the tuning of one table.
 *
 * @param enabled Whether the table tunes itself.
 * @param minRows Least rows of a full batch.
 * @param maxRows Most rows of a batch.
 * @param maxBytes Most bytes of a batch. Those of the policy if it is not set.
 * @param minSlots Least number of batches that may be written at the same time.
 * @param maxSlots Most batches that are written at the same time.
 * @param latencyTarget Time that the write of a batch may take.
 * @param period Shortest time between two decisions.
 */
public record TunedTableProperties(
    @DefaultValue("false") boolean enabled,
    @Nullable Integer minRows,
    @Nullable Integer maxRows,
    @Nullable DataSize maxBytes,
    @Nullable Integer minSlots,
    @Nullable Integer maxSlots,
    @Nullable Duration latencyTarget,
    @Nullable Duration period) {

  Tuning tuning() {
    Tuning usual = Tuning.defaults();
    Tuning.Builder builder =
        Tuning.builder()
            .rows(
                Objects.requireNonNullElse(minRows, usual.minRows()),
                Objects.requireNonNullElse(maxRows, usual.maxRows()))
            .slots(
                Objects.requireNonNullElse(minSlots, usual.minSlots()),
                Objects.requireNonNullElse(maxSlots, usual.maxSlots()));
    PropertyMapper map = PropertyMapper.get();
    map.from(maxBytes).as(DataSize::toBytes).to(builder::maxBytes);
    map.from(latencyTarget).to(builder::latencyTarget);
    map.from(period).to(builder::period);
    return builder.build();
  }
}
