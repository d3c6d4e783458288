package io.batchflow.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.message.PublishResult.Status;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A failed message stops its key, and no other one. */
class MessagePublisherTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Schema STREAM = Schema.table("stream").columns("id", "key").build();

  private static Message message(String key, String id) {
    return Message.builder("test", new byte[0]).id(id).key(key).build();
  }

  private static List<Status> statuses(MessagePublisher publisher, Message... batch) {
    return Objects.requireNonNull(publisher.publish(List.of(batch)).block(PATIENCE)).stream()
        .map(PublishResult::status)
        .toList();
  }

  @Test
  void afterAFailureTheOthersOfTheKeyAreSkipped() {
    List<String> published = new ArrayList<>();
    MessagePublisher publisher =
        MessagePublisher.each(
            message -> {
              if (message.id().equals("thrown")) {
                throw new IllegalStateException("thrown");
              }
              return message.id().equals("failed")
                  ? Mono.error(new IllegalStateException("failed"))
                  : Mono.fromRunnable(() -> published.add(message.id()));
            },
            1);

    assertThat(
            statuses(
                publisher,
                message("a", "1"),
                message("b", "failed"),
                message("a", "2"),
                message("b", "3"),
                message("c", "thrown"),
                message("c", "4")))
        .containsExactly(
            Status.PUBLISHED,
            Status.FAILED,
            Status.PUBLISHED,
            Status.SKIPPED,
            Status.FAILED,
            Status.SKIPPED);
    assertThat(published).containsExactly("1", "2");
  }

  @Test
  void aKeyIsPublishedOneByOneAndSeveralKeysTogether() {
    List<String> begun = new ArrayList<>();
    Sinks.Empty<Void> first = Sinks.empty();
    MessagePublisher publisher =
        MessagePublisher.each(
            message -> {
              begun.add(message.id());
              return message.id().equals("a1") ? first.asMono() : Mono.empty();
            },
            2);
    List<PublishResult> results = new ArrayList<>();
    publisher
        .publish(
            List.of(message("a", "a1"), message("a", "a2"), message("b", "b1"), message("c", "c1")))
        .subscribe(results::addAll);

    assertThat(begun).containsExactly("a1", "b1", "c1");
    first.tryEmitEmpty();
    assertThat(begun).containsExactly("a1", "b1", "c1", "a2");
    assertThat(results).hasSize(4);
    assertThatThrownBy(() -> MessagePublisher.each(message -> Mono.empty(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("keysAtOnce is 0, less than 1");
  }

  private static Row row(Message message) {
    if (message.id().equals("no row")) {
      throw new IllegalArgumentException("no row");
    }
    return STREAM.row().set("id", message.id()).set("key", message.key());
  }

  @Test
  void aRowThatTheBackendRejectsIsARejectedMessage() {
    RecordingWriter writer =
        RecordingWriter.create().rejectingRows(row -> "bad".equals(row.value("id")));
    BatchFlow flow = BatchFlow.builder(writer).concurrency(1).build();
    MessagePublisher publisher = MessagePublisher.through(flow, MessagePublisherTest::row);

    assertThat(
            statuses(
                publisher,
                message("a", "1"),
                message("a", "bad"),
                message("a", "no row"),
                message("a", "2")))
        .containsExactly(Status.PUBLISHED, Status.REJECTED, Status.REJECTED, Status.PUBLISHED);
    flow.close().block(PATIENCE);
    assertThat(statuses(publisher, message("a", "3"))).containsExactly(Status.FAILED);
  }

  @Test
  void whatCannotBeStoredIsNoMessage() {
    assertThatThrownBy(() -> Message.builder("", new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The type of a message has 0 characters, not 1 to 190");
    assertThatThrownBy(() -> Message.builder("t", new byte[Message.MAX_PAYLOAD + 1]))
        .hasMessage("A payload of 1048577 bytes is more than 1048576");
    Message.Builder builder = Message.builder("t", new byte[0]);
    assertThatThrownBy(() -> builder.key("a\nb"))
        .hasMessage("The key of a message has a control character");
    assertThatThrownBy(() -> builder.id("x".repeat(191)))
        .hasMessage("The id of a message has 191 characters, not 1 to 190");
    assertThatThrownBy(() -> builder.header("a b", "c"))
        .hasMessage("The name of a header has a colon or a space");
    assertThatThrownBy(() -> builder.header("a", "x".repeat(10_000)))
        .hasMessage("The headers have 10001 characters, more than 10000");
  }

  @Test
  void aMessageShowsNoContent() {
    Message message = Message.builder("order.placed", new byte[3]).id("secret").build();

    assertThat(message).hasToString("Message[type=order.placed, bytes=3]");
    assertThat(message.key()).isEqualTo("secret");
    assertThat(PublishResult.failed(new IllegalStateException("secret")))
        .hasToString("PublishResult[FAILED, failure=IllegalStateException]");
  }
}
