package io.batchflow.r2dbc.outbox;

import static io.batchflow.r2dbc.outbox.OutboxScene.PATIENCE;
import static io.batchflow.r2dbc.outbox.OutboxScene.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.message.Message;
import io.batchflow.r2dbc.lease.LeaseDatabase.Kind;
import io.r2dbc.spi.Connection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** A message is published if, and only if, its transaction commits. */
@Tag("server")
class R2dbcOutboxTest {

  @ParameterizedTest
  @EnumSource(names = "MYSQL", mode = EnumSource.Mode.EXCLUDE)
  void aMessageArrivesAsItWas(Kind kind) throws Exception {
    try (OutboxScene scene = OutboxScene.on(kind)) {
      byte[] bytes = new byte[300];
      IntStream.range(0, 300).forEach(i -> bytes[i] = (byte) i);
      Message full =
          Message.builder("order.placed", bytes)
              .id("ä 1")
              .key("order ✓ ")
              .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
              .header("note", " a: b ✓")
              .build();
      Message bare = Message.builder("ping", new byte[0]).key(full.key()).build();
      scene.commit(full, bare);
      scene.start(scene.outbox.relay(scene.recorder()));

      assertThat(scene.published(2)).containsExactly("ä 1", bare.id());
      scene.commit(full, bare);
      Message published = scene.published.take();
      assertThat(published.key()).isEqualTo("order ✓ ");
      assertThat(published.type()).isEqualTo("order.placed");
      assertThat(published.headers())
          .isEqualTo(
              Map.of(
                  "traceparent",
                  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                  "note",
                  " a: b ✓"));
      assertThat(published.payload()).isEqualTo(bytes);
      assertThat(scene.published.take().payload()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "MYSQL", mode = EnumSource.Mode.EXCLUDE)
  void whatIsRolledBackIsNeverPublished(Kind kind) throws Exception {
    try (OutboxScene scene = OutboxScene.on(kind)) {
      OutboxRelay relay = scene.start(scene.outbox.relay(scene.recorder()));
      scene.append(message("a", "undone")).end(false);
      scene.commit(message("a", "done"));

      assertThat(scene.published(1)).containsExactly("done");
      relay.close().block(PATIENCE);
      assertThat(scene.published).isEmpty();
      assertThat(scene.left()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "MYSQL", mode = EnumSource.Mode.EXCLUDE)
  void aTransactionThatCommitsLateIsNotSkipped(Kind kind) throws Exception {
    try (OutboxScene scene = OutboxScene.on(kind)) {
      scene.start(scene.outbox.relay(scene.recorder()));
      OutboxScene.Transaction late = scene.append(message("a", "first"));
      scene.commit(message("a", "second"), message("b", "third"));

      assertThat(scene.published(2)).containsExactlyInAnyOrder("second", "third");
      late.end(true);
      assertThat(scene.published(1)).containsExactly("first");
    }
  }

  @ParameterizedTest
  @EnumSource(names = "MYSQL", mode = EnumSource.Mode.EXCLUDE)
  void manyMessagesOfACallKeepTheirOrder(Kind kind) throws Exception {
    try (OutboxScene scene = OutboxScene.on(kind)) {
      scene.commit(
          IntStream.range(0, R2dbcOutbox.MAX_MESSAGES)
              .mapToObj(i -> message("key", "" + i))
              .toArray(Message[]::new));
      scene.start(scene.outbox.relay(scene.recorder()).batchSize(100));

      assertThat(scene.published(R2dbcOutbox.MAX_MESSAGES))
          .containsExactlyElementsOf(
              IntStream.range(0, R2dbcOutbox.MAX_MESSAGES).mapToObj(i -> "" + i).toList());
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void appendNeedsATransactionAndABound(Kind kind) throws Exception {
    try (OutboxScene scene = OutboxScene.on(kind)) {
      Connection connection = scene.pool.create().block(PATIENCE);
      Mono<Void> append = scene.outbox.append(connection, List.of(message("a", "1")));
      List<Message> many = Collections.nCopies(1_001, message("a", "1"));

      assertThatThrownBy(append::block)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("The connection is in no transaction: begin one, and append in it");
      assertThatThrownBy(() -> scene.outbox.append(connection, many))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("1001 messages are more than 1000: divide them");
      Mono.from(connection.close()).block(PATIENCE);
    }
  }
}
