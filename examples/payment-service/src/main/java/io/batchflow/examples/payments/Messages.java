package io.batchflow.examples.payments;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.batchflow.message.Message;
import io.batchflow.message.MessagePublisher;
import io.batchflow.message.PublishResult;
import io.batchflow.r2dbc.inbox.R2dbcInbox;
import io.batchflow.r2dbc.outbox.R2dbcOutbox;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.client.WebClient;

/** Where the messages of the outbox go. */
@Configuration(proxyBeanMethods = false)
class Messages {

  /** A message in the body of a request. */
  record Sent(String id, String key, String type, String payload) {

    Sent(Message message) {
      this(message.id(), message.key(), message.type(), new String(message.payload(), UTF_8));
    }
  }

  /** A larger service creates its tables by migrations. */
  @Bean
  SmartInitializingSingleton messageTables(R2dbcOutbox outbox, R2dbcInbox inbox) {
    return () -> outbox.createTables().then(inbox.createTable()).block();
  }

  /** Posts a batch to another service, and again until the answer is a success. */
  @Bean
  @ConditionalOnProperty("messages.to")
  MessagePublisher publisher(@Value("${messages.to}") String service) {
    WebClient client = WebClient.create(service);
    return batch ->
        client
            .post()
            .uri("/messages")
            .bodyValue(batch.stream().map(Sent::new).toList())
            .retrieve()
            .toBodilessEntity()
            .thenReturn(batch.stream().map(message -> PublishResult.published()).toList());
  }
}
