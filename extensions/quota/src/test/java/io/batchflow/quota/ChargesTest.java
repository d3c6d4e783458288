package io.batchflow.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlowException.QuotaExceeded;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Overflow;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.audit.AuditTrail;
import io.batchflow.guard.ContextName;
import io.batchflow.unit.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a row is charged with, and to whom. */
class ChargesTest {

  @RegisterExtension final QuotaScene scene = new QuotaScene();

  @Test
  void bytesAreLimitedToo() {
    Schema files = Schema.table("files").columns("content").build();
    int size = files.row().set("content", new byte[1_000]).freeze().estimatedBytes();
    ThrottledFlow throttled =
        scene.throttled(
            scene.quotas().eachTable(Quota.bytes(size * 10L).withBurst(Duration.ofMillis(200))));
    for (int i = 0; i < 5; i++) {
      scene.submit(throttled, files.row().set("content", new byte[1_000]));
    }

    assertThat(scene.written()).isEqualTo(2);
    scene.advance(300);
    assertThat(scene.written()).isEqualTo(5);
  }

  @Test
  void aRowThatIsLargerThanTheQuotaPassesAndIsPaidForLater() {
    Schema files = Schema.table("files").columns("content").build();
    int size = files.row().set("content", new byte[10_000]).freeze().estimatedBytes();
    ThrottledFlow throttled =
        scene.throttled(scene.quotas().eachTable(Quota.bytes(size / 10)).overflow(Overflow.FAIL));
    scene.submit(throttled, files.row().set("content", new byte[10_000]));
    scene.submit(throttled, QuotaScene.row("files", 1));

    assertThat(scene.written()).isEqualTo(1);
    assertThat(((QuotaExceeded) scene.errors.get(0)).retryAfter())
        .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
    scene.advance(10_000);
    scene.submit(throttled, QuotaScene.row("files", 1));
    assertThat(scene.written()).isEqualTo(2);
  }

  @Test
  void eachQuotaIsCountedForItselfAndTheLongestWaitDecides() {
    ThrottledFlow throttled =
        scene.throttled(
            scene
                .quotas()
                .overflow(Overflow.FAIL)
                .eachUser(Quota.rows(2))
                .user("batch", Quota.rows(100))
                .eachTenant(Quota.rows(3))
                .table("orders", Quota.rows(4)));
    Object[] ann = {AuditTrail.USER, "ann", ContextName.TENANT, "acme"};
    Object[] bob = {AuditTrail.USER, "bob", ContextName.TENANT, "acme"};
    Object[] batch = {AuditTrail.USER, "batch", ContextName.TENANT, "nightly"};
    scene.submit(throttled, QuotaScene.row("orders", 1), ann);
    scene.submit(throttled, QuotaScene.row("orders", 2), ann);
    scene.submit(throttled, QuotaScene.row("orders", 3), ann);
    assertThat(scene.errors.get(0)).hasMessageContaining("the quota of the user is used up");
    scene.submit(throttled, QuotaScene.row("orders", 4), bob);
    scene.submit(throttled, QuotaScene.row("orders", 5), bob);
    assertThat(scene.errors.get(1)).hasMessageContaining("the quota of the tenant is used up");
    scene.submit(throttled, QuotaScene.row("orders", 6), batch);
    scene.submit(throttled, QuotaScene.row("orders", 7), batch);
    assertThat(scene.errors.get(2)).hasMessageContaining("the quota of the table is used up");
    scene.submit(throttled, QuotaScene.row("users", 8), batch);

    assertThat(scene.errors).hasSize(3);
    assertThat(scene.writer.rows())
        .extracting(row -> row.value("id"))
        .containsExactlyInAnyOrder(1L, 2L, 4L, 6L, 8L);
  }

  @Test
  void callersWithoutANameShareOneQuota() {
    ThrottledFlow throttled =
        scene.throttled(scene.quotas().eachUser(Quota.rows(1)).overflow(Overflow.FAIL));
    scene.submit(throttled, QuotaScene.row("orders", 1));
    scene.submit(throttled, QuotaScene.row("orders", 2));
    scene.submit(throttled, QuotaScene.row("orders", 3), AuditTrail.USER, "ann");

    assertThat(scene.errors).hasSize(1);
    assertThat(((QuotaExceeded) scene.errors.get(0)).user()).isNull();
    assertThat(scene.written()).isEqualTo(2);
  }

  @Test
  void theRowsOfAUnitAreChargedToTheirTables() {
    ThrottledFlow throttled =
        scene.throttled(scene.quotas().table("lines", Quota.rows(5)).overflow(Overflow.FAIL));
    List<Row> unit =
        List.of(
            QuotaScene.row("orders", 1),
            QuotaScene.row("lines", 2),
            QuotaScene.row("lines", 3),
            QuotaScene.row("lines", 4));
    Row asRow = Unit.of(unit);
    Mono<OutcomeStatus> together =
        throttled
            .submitTogether(unit)
            .thenReturn(OutcomeStatus.WRITTEN)
            .onErrorResume(
                QuotaExceeded.class,
                exceeded -> {
                  assertThat(exceeded.table()).isEqualTo("orders, lines");
                  return Mono.just(exceeded.status());
                });
    List<OutcomeStatus> ends = new ArrayList<>();
    together.subscribe(ends::add);
    scene.advance(0);
    scene.submit(throttled, asRow);
    together.subscribe(ends::add);
    scene.advance(200);
    together.subscribe(ends::add);
    scene.advance(0);

    assertThat(ends)
        .containsExactly(OutcomeStatus.WRITTEN, OutcomeStatus.NOT_SENT, OutcomeStatus.WRITTEN);
    assertThat(scene.errors).singleElement().isInstanceOf(QuotaExceeded.class);
    assertThatThrownBy(() -> throttled.submitTogether(List.of()).block())
        .isInstanceOf(InvalidRowException.class);
  }

  @Test
  void anInvalidRowIsNotCharged() {
    Schema keyed = Schema.table("orders").columns("id").required("id").build();
    ThrottledFlow throttled =
        scene.throttled(scene.quotas().eachTable(Quota.rows(1)).overflow(Overflow.FAIL));
    scene.submit(throttled, keyed.row());
    List<Outcome<Row>> outcomes = new ArrayList<>();
    throttled
        .submitAll(Flux.just(keyed.row(), QuotaScene.row("orders", 1)))
        .subscribe(outcomes::add);
    scene.advance(0);

    assertThat(scene.errors).singleElement().isInstanceOf(InvalidRowException.class);
    assertThat(outcomes)
        .extracting(Outcome::status)
        .containsExactlyInAnyOrder(OutcomeStatus.INVALID, OutcomeStatus.WRITTEN);
  }
}
