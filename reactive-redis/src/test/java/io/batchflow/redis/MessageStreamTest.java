package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.Schema;
import io.batchflow.message.Message;
import io.batchflow.message.MessagePublisher;
import io.batchflow.message.PublishResult;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Messages become entries of a stream, in their order. */
@Tag("server")
class MessageStreamTest {

  private static final Schema EVENTS =
      Schema.table("events").columns("id", "key", "type", "payload").build();

  @Test
  void messagesBecomeEntriesOfAStream() {
    try (Sandbox redis = Sandbox.open()) {
      String stream = redis.key("events");
      BatchFlow flow =
          BatchFlow.builder(redis.writer().map(EVENTS, RedisMapping.xadd(stream)).build())
              .concurrency(1)
              .build();
      MessagePublisher publisher =
          MessagePublisher.through(
              flow,
              message ->
                  EVENTS
                      .row()
                      .set("id", message.id())
                      .set("key", message.key())
                      .set("type", message.type())
                      .set("payload", message.payload()));
      List<String> ids = IntStream.range(0, 1_000).mapToObj(i -> "" + i).toList();
      List<Message> batch = ids.stream().map(MessageStreamTest::message).toList();

      assertThat(publisher.publish(batch).block(Sandbox.PATIENCE))
          .hasSize(1_000)
          .extracting(PublishResult::status)
          .containsOnly(PublishResult.Status.PUBLISHED);
      List<StreamMessage<String, String>> entries = redis.sync().xrange(stream, Range.unbounded());
      assertThat(entries)
          .extracting(entry -> entry.getBody().get("id"))
          .containsExactlyElementsOf(ids);
      assertThat(entries.get(7).getBody())
          .containsEntry("type", "order.placed")
          .containsEntry("payload", "value 7");
      flow.close().block(Sandbox.PATIENCE);
    }
  }

  private static Message message(String id) {
    return Message.builder("order.placed", ("value " + id).getBytes(StandardCharsets.UTF_8))
        .id(id)
        .build();
  }
}
