package io.batchflow.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchFlowException.AccessDenied;
import io.batchflow.BatchListener;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.audit.AuditTrail;
import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import io.batchflow.unit.Unit;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

class GuardedFlowTest {

  private static final Rights RIGHTS =
      Rights.builder()
          .role("admin", "*")
          .role("writer", "table:orders:write", "table:logs:write")
          .role("reader", "table:*:read")
          .role("sales", "table:orders:*")
          .role("support", "table:u*s:write", "table:users:read")
          .user("ann", "admin")
          .user("will", "writer")
          .user("rita", "reader")
          .user("sam", "sales")
          .user("sue", "support")
          .user("both", "writer", "reader")
          .build();

  private final RecordingWriter writer = RecordingWriter.create();
  private final BatchFlow flow = BatchFlow.builder(writer).build();
  private final List<String> told = new ArrayList<>();
  private final GuardedFlow guard =
      GuardedFlow.of(flow, RIGHTS)
          .withListener(
              new BatchListener() {
                @Override
                public void onTurnedAway(Row row, BatchFlowException why, ContextView context) {
                  told.add(
                      context.getOrDefault(AuditTrail.USER, "nobody") + " " + row.schema().table());
                }
              });

  @AfterEach
  void close() {
    flow.close().block();
  }

  private static Row row(String table, long id) {
    return Schema.table(table).columns("id").build().row().set("id", id);
  }

  /** Five roles, three tables, read and write. */
  static Stream<org.junit.jupiter.params.provider.Arguments> matrix() {
    return Stream.of(
            "ann: users rw, orders rw, logs rw",
            "will: users --, orders -w, logs -w",
            "rita: users r-, orders r-, logs r-",
            "sam: users --, orders rw, logs --",
            "sue: users rw, orders --, logs --",
            "both: users r-, orders rw, logs rw",
            "nobody: users --, orders --, logs --")
        .flatMap(
            line -> {
              String user = line.substring(0, line.indexOf(':'));
              return Stream.of(line.substring(user.length() + 2).split(", ", -1))
                  .map(
                      cell ->
                          org.junit.jupiter.params.provider.Arguments.of(
                              user, cell.split(" ", -1)[0], cell.split(" ", -1)[1]));
            });
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("matrix")
  void eachUserMayDoWhatItsRolesPermit(String user, String table, String permitted) {
    assertThat(RIGHTS.allow(user, Access.READ, table)).isEqualTo(permitted.charAt(0) == 'r');
    assertThat(RIGHTS.allow(user, Access.WRITE, table)).isEqualTo(permitted.charAt(1) == 'w');

    Mono<OutcomeStatus> written =
        guard
            .submit(row(table, 1))
            .thenReturn(OutcomeStatus.WRITTEN)
            .onErrorResume(AccessDenied.class, denied -> Mono.just(denied.status()))
            .contextWrite(context -> context.put(AuditTrail.USER, user));
    assertThat(written.block())
        .isEqualTo(permitted.charAt(1) == 'w' ? OutcomeStatus.WRITTEN : OutcomeStatus.NOT_SENT);
  }

  @Test
  void aDeniedRowIsToldAndTakesNoRoom() {
    assertThatThrownBy(
            () ->
                guard
                    .submit(row("users", 1))
                    .contextWrite(context -> context.put(AuditTrail.USER, "will"))
                    .block())
        .isInstanceOf(AccessDenied.class)
        .hasMessageContaining("Access WRITE to table 'users' is denied to user 'will'");

    assertThat(told).containsExactly("will users");
    assertThat(LedgerAssertions.assertBalanced(flow).admitted()).isZero();
    assertThatThrownBy(() -> guard.submit(row("users", 1)).block())
        .hasMessageContaining("a caller without a name");
  }

  @Test
  void rowsOfAStreamAreJudgedOneByOne() {
    List<Outcome<Row>> outcomes =
        guard
            .submitAll(Flux.range(0, 1_000).map(i -> row(i % 2 == 0 ? "orders" : "users", i)))
            .contextWrite(context -> context.put(AuditTrail.USER, "will"))
            .collectList()
            .block();

    assertThat(outcomes).hasSize(1_000);
    assertThat(outcomes)
        .allMatch(
            outcome -> outcome.isWritten() == outcome.row().schema().table().equals("orders"));
    assertThat(writer.rows()).hasSize(500);
    assertThat(told).hasSize(500);
  }

  @Test
  void aStreamIsCancelledAndItsErrorIsPassedOn() {
    assertThat(
            guard
                .submitAll(Flux.range(0, 1_000_000).map(i -> row("users", i)))
                .take(3)
                .count()
                .block())
        .isEqualTo(3);
    assertThatThrownBy(
            () ->
                guard
                    .submitAll(Flux.concat(Mono.just(row("logs", 1)), Mono.error(new Error("x"))))
                    .contextWrite(context -> context.put(AuditTrail.USER, "will"))
                    .blockLast())
        .hasRootCauseMessage("x");
  }

  @Test
  void aUnitNeedsTheRightsOfAllItsTables() {
    Mono<Boolean> unit =
        guard
            .submitTogether(List.of(row("orders", 1), row("users", 2)))
            .thenReturn(true)
            .onErrorReturn(AccessDenied.class, false);

    assertThat(unit.contextWrite(context -> context.put(AuditTrail.USER, "will")).block())
        .isFalse();
    assertThat(unit.contextWrite(context -> context.put(AuditTrail.USER, "ann")).block()).isTrue();
  }

  @Test
  void aUnitThatIsSubmittedAsARowNeedsThemToo() {
    List<Outcome<Row>> outcomes =
        guard
            .submitAll(Flux.just(Unit.of(List.of(row("orders", 1), row("users", 2)))))
            .contextWrite(context -> context.put(AuditTrail.USER, "will"))
            .collectList()
            .block();

    assertThat(outcomes)
        .singleElement()
        .satisfies(
            outcome ->
                assertThat(outcome.error())
                    .isInstanceOf(AccessDenied.class)
                    .hasMessageContaining("table 'users'"));
  }

  @Test
  void aPrincipalUnderAnotherKeyIsFound() {
    Principal sam = () -> "sam";
    GuardedFlow keyed = guard.withPrincipal(Principal.class);

    keyed
        .submit(row("orders", 1))
        .contextWrite(context -> context.put(Principal.class, sam))
        .block();
    keyed
        .require(Access.ADMIN, "orders")
        .contextWrite(context -> context.put(Principal.class, sam))
        .block();

    assertThat(writer.rows()).hasSize(1);
    assertThatThrownBy(() -> keyed.require(Access.READ, "orders").block())
        .isInstanceOf(AccessDenied.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders:write",
        "table:orders",
        "table::write",
        "table:orders:delete",
        "",
        "x:y:z"
      })
  void anInvalidPermissionIsRefused(String permission) {
    assertThatThrownBy(() -> Rights.builder().role("writer", permission))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("'writer' has the permission '" + permission + "'");
  }

  @ParameterizedTest
  @CsvSource({"table:*:write,a.b,true", "table:a.*:write,aXb,false", "table:a*c:write,abc,true"})
  void aStarIsAnyTextAndADotIsADot(String permission, String table, boolean allowed) {
    Rights rights = Rights.builder().role("r", permission).user("u", "r").build();

    assertThat(rights.allow("u", Access.WRITE, table)).isEqualTo(allowed);
  }

  @Test
  void rolesAreGivenOnceAndExist() {
    assertThatThrownBy(() -> Rights.builder().role("r", "*").role("r", "*"))
        .hasMessageContaining("'r' is given twice");
    assertThatThrownBy(() -> Rights.builder().user("u", "r").build())
        .hasMessageContaining("'u' has the unknown role 'r'");
  }
}
