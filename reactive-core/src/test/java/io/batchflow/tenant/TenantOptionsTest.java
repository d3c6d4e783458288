package io.batchflow.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.guard.ContextName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** The options of flows of tenants, of which the function that makes them is one. */
class TenantOptionsTest {

  private static final Schema ORDERS = Schema.table("orders").columns("id").build();

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

  private static Row row(long id) {
    return ORDERS.row().set("id", id);
  }

  @Test
  void aFlowThatCannotBeMadeIsTriedAgain() {
    List<String> tries = new ArrayList<>();
    TenantFlows failing =
        TenantFlows.builder(
                tenant -> {
                  tries.add(tenant);
                  throw new IllegalStateException("down");
                })
            .maxTenants(1)
            .scheduler(time)
            .build();
    Mono<?> submission =
        failing.submit(row(1)).contextWrite(Context.of(ContextName.TENANT, "acme"));

    assertThatThrownBy(submission::block).hasMessage("down");
    assertThatThrownBy(submission::block).hasMessage("down");
    assertThat(tries).containsExactly("acme", "acme");
    assertThat(failing.size()).isZero();
    failing.close().block();
  }

  @Test
  void optionsOutOfBoundsAreRefused() {
    assertThatThrownBy(() -> TenantFlows.builder(tenant -> null).maxTenants(0))
        .hasMessageContaining("'maxTenants' is 0");
    assertThatThrownBy(() -> TenantFlows.builder(tenant -> null).idleTime(Duration.ZERO))
        .hasMessageContaining("'idleTime' is PT0S");
  }
}
