package io.batchflow.spring.boot.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.journal.JournalException;
import io.batchflow.journal.JournaledFlow;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import io.batchflow.spring.boot.BatchWriterFactory;
import io.batchflow.test.RecordingWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.test.StepVerifier;

class JournalAutoConfigurationTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Schema EVENTS =
      Schema.table("events")
          .columns("id")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();
  private static final Schema LOG = Schema.table("log").columns("id").build();

  @TempDir private Path directory;
  private final RecordingWriter writer = RecordingWriter.create();
  private final ApplicationContextRunner plain =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  BatchFlowAutoConfiguration.class, JournalAutoConfiguration.class))
          .withBean(BatchWriterFactory.class, () -> flow -> writer)
          .withBean("events", Schema.class, () -> EVENTS)
          .withBean("log", Schema.class, () -> LOG);

  private ApplicationContextRunner runner() {
    return plain.withPropertyValues("batchflow.defaults.journal.directory=" + directory);
  }

  @Test
  void rowsOfAnEarlierProcessAreWrittenAtTheNextStart() {
    writer.hold();
    runner()
        .withPropertyValues("batchflow.defaults.close-timeout=100ms")
        .run(
            context ->
                context
                    .getBean("batchFlowJournal", JournaledFlow.class)
                    .accept(EVENTS.row().set("id", 1L))
                    .block(PATIENCE));
    assertThat(writer.rows()).isEmpty();

    writer.reset();
    runner().run(context -> assertThat(context).hasNotFailed());

    assertThat(writer.rows()).extracting(row -> row.value("id")).containsExactly(1L);
  }

  @Test
  void eachFlowHasAJournalWithItsOptions() {
    writer.hold();
    runner()
        .withPropertyValues(
            "batchflow.defaults.close-timeout=100ms",
            "batchflow.flows.orders.journal.max-rows=1",
            "batchflow.flows.clicks.journal.at-least-once=true")
        .run(
            context -> {
              JournaledFlow orders = context.getBean("ordersJournal", JournaledFlow.class);
              JournaledFlow clicks = context.getBean("clicksJournal", JournaledFlow.class);
              assertThat(directory.resolve("orders")).isDirectory();
              assertThat(directory.resolve("clicks")).isDirectory();

              orders.accept(EVENTS.row().set("id", 1L)).block(PATIENCE);
              StepVerifier.create(orders.accept(EVENTS.row().set("id", 2L)))
                  .expectError(JournalException.class)
                  .verify(PATIENCE);
              clicks.accept(LOG.row().set("id", 1L)).block(PATIENCE);
              clicks.accept(LOG.row().set("id", 2L)).block(PATIENCE);
            });
  }

  /** The row cannot be written, so the close of its journal takes as long as it may. */
  @Test
  @Timeout(20)
  void aJournalClosesWithinTheTimeoutOfItsFlow() {
    writer.hold();
    runner()
        .withConfiguration(AutoConfigurations.of(LifecycleAutoConfiguration.class))
        .withPropertyValues(
            "batchflow.defaults.close-timeout=28s", "batchflow.flows.orders.close-timeout=100ms")
        .run(
            context ->
                context
                    .getBean("ordersJournal", JournaledFlow.class)
                    .accept(EVENTS.row().set("id", 1L))
                    .block(PATIENCE));

    assertThat(writer.rows()).isEmpty();
  }

  @Test
  void aRowThatMayDoHarmTwiceIsRefusedByDefault() {
    runner()
        .run(
            context ->
                StepVerifier.create(
                        context.getBean(JournaledFlow.class).accept(LOG.row().set("id", 1L)))
                    .expectError(JournalException.class)
                    .verify(PATIENCE));
  }

  @Test
  void aCustomizerLearnsTheOutcomesOfReplayedRows() {
    writer.hold();
    runner()
        .withPropertyValues("batchflow.defaults.close-timeout=100ms")
        .run(
            context ->
                context
                    .getBean(JournaledFlow.class)
                    .accept(EVENTS.row().set("id", 1L))
                    .block(PATIENCE));
    writer.reset();
    AtomicInteger replayed = new AtomicInteger();

    runner()
        .withBean(
            JournalCustomizer.class,
            () ->
                (flow, builder) ->
                    builder.onReplayed(
                        outcome -> replayed.addAndGet(flow.equals("batchFlow") ? 1 : 0)))
        .run(context -> assertThat(context).hasNotFailed());

    assertThat(replayed).hasValue(1);
  }

  @Test
  void thereIsNoJournalWithoutDirectoryOrLibrary() {
    plain.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(JournaledFlow.class));
    runner()
        .withClassLoader(new FilteredClassLoader("io.batchflow.journal"))
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("batchflow-reactive-journal"));
  }
}
