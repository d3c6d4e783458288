package io.batchflow.spring.boot.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.message.Message;
import io.batchflow.message.MessagePublisher;
import io.batchflow.r2dbc.outbox.OutboxRelay;
import io.batchflow.r2dbc.outbox.R2dbcOutbox;
import io.batchflow.spring.boot.TestDatabase;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Mono;

class OutboxAutoConfigurationTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final ConnectionFactory database = TestDatabase.create().connections();
  private final BlockingQueue<Message> published = new LinkedBlockingQueue<>();
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(OutboxAutoConfiguration.class))
          .withBean(ConnectionFactory.class, () -> database);
  private final ApplicationContextRunner withPublisher =
      runner.withBean(
          MessagePublisher.class,
          () ->
              MessagePublisher.each(message -> Mono.fromRunnable(() -> published.add(message)), 1));

  private void append(R2dbcOutbox outbox, String id) {
    Message message = Message.builder("test", new byte[0]).id(id).build();
    outbox
        .createTables()
        .then(
            Mono.usingWhen(
                database.create(),
                connection ->
                    Mono.from(connection.beginTransaction())
                        .then(outbox.append(connection, List.of(message)))
                        .then(Mono.defer(() -> Mono.from(connection.commitTransaction()))),
                Connection::close))
        .block(PATIENCE);
    outbox.committed();
  }

  @Test
  void theRelayPublishesUntilTheContextCloses() {
    R2dbcOutbox beside = R2dbcOutbox.create(database);
    beside.createTables().block(PATIENCE);
    withPublisher.run(
        context -> {
          append(context.getBean(R2dbcOutbox.class), "one");
          Message message = published.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
          assertThat(message).extracting(Message::id).isEqualTo("one");

          OutboxRelay relay = context.getBean(OutboxRelay.class);
          context.close();
          assertThat(relay.stats().shards()).isZero();
          append(beside, "two");
          assertThat(published).isEmpty();
        });
  }

  @Test
  void withoutAPublisherThereIsOnlyTheOutbox() {
    runner.run(
        context ->
            assertThat(context)
                .hasSingleBean(R2dbcOutbox.class)
                .doesNotHaveBean(OutboxRelay.class));
  }

  @Test
  void customizersSetOptions() {
    withPublisher
        .withBean(OutboxRelayCustomizer.class, () -> relay -> relay.batchSize(1))
        .run(
            context ->
                assertThat(context).getFailure().rootCause().hasMessageContaining("batchSize"));
  }

  @Test
  void thereIsNoneWithoutTheLibraryOrIfTurnedOff() {
    withPublisher
        .withPropertyValues("batchflow.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(R2dbcOutbox.class));
    withPublisher
        .withClassLoader(new FilteredClassLoader("io.batchflow.r2dbc"))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(OutboxRelay.class));
  }
}
