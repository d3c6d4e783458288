package io.batchflow.spring.boot.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchFlowException.AccessDenied;
import io.batchflow.BatchListener;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.audit.AuditTrail;
import io.batchflow.guard.Access;
import io.batchflow.guard.ContextName;
import io.batchflow.guard.GuardedFlow;
import io.batchflow.guard.Rights;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import io.batchflow.test.RecordingWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

class GuardAutoConfigurationTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RecordingWriter writer = RecordingWriter.create();
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(BatchFlowAutoConfiguration.class, GuardAutoConfiguration.class))
          .withBean("flow", BatchFlow.class, () -> BatchFlow.builder(writer).build());
  private final ApplicationContextRunner guarded =
      runner.withPropertyValues(
          "batchflow.guard.roles.writer=table:orders:write",
          "batchflow.guard.roles.reader=table:*:read",
          "batchflow.guard.users.ann=writer,reader",
          "batchflow.guard.users.bob=reader");

  private static Row order() {
    return Schema.table("orders").columns("id").build().row().set("id", 1L);
  }

  private static Mono<WriteResult> submit(ApplicationContext context) {
    return context.getBean(GuardedFlow.class).submit(order());
  }

  private static Context authenticated(String name) {
    return ReactiveSecurityContextHolder.withAuthentication(
        UsernamePasswordAuthenticationToken.authenticated(name, "", List.of()));
  }

  private void assertDenied(Mono<WriteResult> submission) {
    int before = writer.rows().size();
    assertThatThrownBy(() -> submission.block(PATIENCE)).isInstanceOf(AccessDenied.class);
    assertThat(writer.rows()).hasSize(before);
  }

  @Test
  void thereAreNoneWithoutProperties() {
    runner.run(
        context ->
            assertThat(context)
                .doesNotHaveBean(Rights.class)
                .doesNotHaveBean(GuardedFlow.class)
                .hasSingleBean(ContextName.class));
  }

  @Test
  void theUserIsInTheContext() {
    guarded.run(
        context -> {
          submit(context).contextWrite(Context.of(AuditTrail.USER, "ann")).block(PATIENCE);
          assertThat(writer.rows()).hasSize(1);
          assertDenied(submit(context).contextWrite(Context.of(AuditTrail.USER, "bob")));
          assertDenied(submit(context));
        });
  }

  @Test
  void theUserIsThatOfSpringSecurity() {
    guarded.run(
        context -> {
          submit(context).contextWrite(authenticated("ann")).block(PATIENCE);
          assertThat(writer.rows()).hasSize(1);
          assertDenied(submit(context).contextWrite(authenticated("bob")));
          context
              .getBean(GuardedFlow.class)
              .require(Access.READ, "users")
              .contextWrite(authenticated("bob"))
              .block(PATIENCE);
        });
  }

  @Test
  void theUserOfTheContextComesFirst() {
    guarded.run(
        context ->
            assertDenied(
                submit(context)
                    .contextWrite(Context.of(AuditTrail.USER, "bob"))
                    .contextWrite(authenticated("ann"))));
  }

  @Test
  void whoHasNotAuthenticatedIsNobody() {
    Authentication anonymous =
        new AnonymousAuthenticationToken(
            "key", "ann", AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));
    Authentication claimed = UsernamePasswordAuthenticationToken.unauthenticated("ann", "wrong");
    guarded.run(
        context -> {
          for (Authentication each : List.of(anonymous, claimed)) {
            assertDenied(
                submit(context)
                    .contextWrite(ReactiveSecurityContextHolder.withAuthentication(each)));
          }
        });
  }

  @Test
  void theKeyOfTheContextMayBeAnother() {
    guarded
        .withPropertyValues("batchflow.guard.principal=who")
        .run(
            context -> {
              submit(context).contextWrite(Context.of("who", "ann")).block(PATIENCE);
              assertDenied(submit(context).contextWrite(Context.of(AuditTrail.USER, "ann")));
            });
  }

  @Test
  void itWorksWithoutSpringSecurity() {
    guarded
        .withClassLoader(new FilteredClassLoader("org.springframework.security"))
        .run(
            context ->
                submit(context).contextWrite(Context.of(AuditTrail.USER, "ann")).block(PATIENCE));
  }

  @Test
  void theRightsAreInAFile(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("rights.yml");
    Files.writeString(
        file,
        """
        roles:
          writer: [table:orders:write]
        users:
          ann: [writer]
        """);
    runner
        .withPropertyValues("batchflow.guard.file=" + file.toUri())
        .run(
            context -> {
              submit(context).contextWrite(authenticated("ann")).block(PATIENCE);
              assertDenied(submit(context).contextWrite(authenticated("bob")));
            });
  }

  @Test
  void aFileNeedsItsLibrary() {
    runner
        .withClassLoader(new FilteredClassLoader("io.batchflow.catalog.yaml"))
        .withPropertyValues("batchflow.guard.file=file:rights.yml")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("io.batchflow:batchflow-catalog-yaml"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "batchflow.guard.roles.writer=orders:write | Give table:NAME:ACCESS",
        "batchflow.guard.users.ann=none | has the unknown role 'none'",
        "batchflow.guard.file=file:/nowhere/rights.yml | The file cannot be read",
        "batchflow.guard.user.ann=writer | Did you mean 'batchflow.guard.users",
      })
  void whatIsWrongIsRefused(String property, String message) {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(BatchFlowAutoConfiguration.class, GuardAutoConfiguration.class))
        .withBean(
            io.r2dbc.spi.ConnectionFactory.class,
            io.batchflow.spring.boot.TestDatabase.create()::connections)
        .withPropertyValues(property)
        .run(
            context ->
                assertThat(context.getStartupFailure()).hasStackTraceContaining(message.strip()));
  }

  @Test
  void aFileAndPropertiesContradictEachOther() {
    guarded
        .withPropertyValues("batchflow.guard.file=file:rights.yml")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining("both a file and roles or users"));
  }

  @Test
  void severalFlowsShareTheRightsAndAreGuardedByTheApplication() {
    guarded
        .withBean("other", BatchFlow.class, () -> BatchFlow.builder(writer).build())
        .run(
            context -> {
              assertThat(context).hasSingleBean(Rights.class).doesNotHaveBean(GuardedFlow.class);
              GuardedFlow own =
                  GuardedFlow.of(
                          context.getBean("other", BatchFlow.class), context.getBean(Rights.class))
                      .withUsers(context.getBean("batchFlowUsers", ContextName.class));
              own.submit(order()).contextWrite(authenticated("ann")).block(PATIENCE);
            });
  }

  @Test
  void listenersThatAreBeansAreToldOfDeniedRows() {
    List<String> told = new CopyOnWriteArrayList<>();
    BatchListener listener =
        new BatchListener() {
          @Override
          public void onTurnedAway(Row row, BatchFlowException reason, ContextView context) {
            told.add(reason.table() + " " + ((AccessDenied) reason).user());
          }
        };
    guarded
        .withBean(BatchListener.class, () -> listener)
        .run(context -> assertDenied(submit(context).contextWrite(authenticated("bob"))));

    assertThat(told).containsExactly("orders bob");
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void deniedRowsAreInTheAuditLog(CapturedOutput output) {
    guarded
        .withPropertyValues("batchflow.defaults.audit.logger=audit.guard")
        .run(context -> assertDenied(submit(context).contextWrite(authenticated("bob"))));

    assertThat(output)
        .contains("flow=flow")
        .contains("table=orders operation=write user=bob")
        .contains("success=false");
  }
}
