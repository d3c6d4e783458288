package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchPolicyTest {

  @Test
  void aBuilderOfAPolicyStartsWithAllItsOptions() throws IllegalAccessException {
    BatchPolicy defaults = BatchPolicy.defaults();
    BatchPolicy policy =
        BatchPolicy.builder()
            .maxSize(7)
            .maxBytes(8)
            .maxDelay(Duration.ofMillis(9))
            .lingerWhenIdle(true)
            .ordering(Ordering.NONE)
            .concurrency(3)
            .overflow(Overflow.FAIL)
            .deliveryTimeout(Duration.ofSeconds(2))
            .rowVerdicts(true)
            .returningExisting("id")
            .maxPausedRows(11)
            .share(0.5)
            .reserved(2)
            .build();

    BatchPolicy.Builder copy = policy.toBuilder();

    for (Field field : BatchPolicy.Builder.class.getDeclaredFields()) {
      field.setAccessible(true);
      Object given = field.get(policy.toBuilder());
      assertThat(given).as(field.getName()).isNotEqualTo(field.get(defaults.toBuilder()));
      assertThat(field.get(copy.build().toBuilder())).as(field.getName()).isEqualTo(given);
    }
  }
}
