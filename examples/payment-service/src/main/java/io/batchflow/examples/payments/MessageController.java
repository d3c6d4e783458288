package io.batchflow.examples.payments;

import io.batchflow.r2dbc.outbox.R2dbcOutbox;
import java.util.List;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Takes batches of messages. The sender repeats a batch that was not answered with success. */
@RestController
class MessageController {

  private final Ledger ledger;
  private final R2dbcOutbox outbox;

  MessageController(Ledger ledger, R2dbcOutbox outbox) {
    this.ledger = ledger;
    this.outbox = outbox;
  }

  @PostMapping("/messages")
  Mono<Void> receive(@RequestBody List<Received> messages) {
    return ledger.book(messages).doOnSuccess(committed -> outbox.committed());
  }
}
