package io.batchflow.spring.boot.test;

import io.batchflow.BatchFlow;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** A component of the application that stores rows. */
@Component
record Orders(BatchFlow flow) {

  static final Schema TABLE = Schema.table("orders").columns("id").conflictKey("id").build();

  Mono<WriteResult> place(long id) {
    return flow.submit(TABLE.row().set("id", id));
  }
}
