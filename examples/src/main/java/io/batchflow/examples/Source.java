package io.batchflow.examples;

import io.batchflow.Request;
import io.batchflow.Schema;
import java.util.List;
import reactor.core.publisher.Flux;

/** Where rows come from. */
interface Source {

  /** Returns the columns of the rows, in their order. */
  List<Column> columns();

  /** Returns the number of rows, or -1 where nobody has counted them. */
  long size();

  /**
   * Returns the rows, read as they are asked for, each tagged with its line number.
   *
   * @param refusals takes the lines that cannot become a row
   */
  Flux<Request> rows(Schema schema, Refusals refusals);
}
