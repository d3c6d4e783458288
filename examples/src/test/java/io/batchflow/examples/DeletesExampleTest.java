package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.annotation.Key;
import io.batchflow.annotation.Table;
import io.batchflow.test.RecordingWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** The snippets about deletes in docs/databases.md and docs/typed-tables.md. */
class DeletesExampleTest {

  private static final Schema ORDERS =
      Schema.table("orders")
          .columns("id", "status")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  @Table(value = "parcels", onConflict = ConflictStrategy.UPDATE)
  record Parcel(@Key long id, String sender) {}

  /** A change that another system reports: what a row has become, or that it is gone. */
  record Change(long id, boolean gone, String status) {}

  private final RecordingWriter writer = RecordingWriter.create();
  private final BatchFlow flow = BatchFlow.builder(writer).build();

  @AfterEach
  void close() {
    flow.close().block();
  }

  private Flux<Outcome<Row>> apply(Flux<Change> changes) {
    return flow.submitAll(
        changes.map(
            change ->
                change.gone()
                    ? ORDERS.delete().set("id", change.id())
                    : ORDERS.row().set("id", change.id()).set("status", change.status())));
  }

  @Test
  void changesAreAppliedInTheirOrder() {
    apply(Flux.just(new Change(7, false, "paid"), new Change(8, true, ""))).blockLast();

    assertThat(writer.rows().stream().map(Row::isDelete)).containsExactlyInAnyOrder(false, true);
  }

  @Test
  void anObjectIsDeletedByItsKey() {
    io.batchflow.table.Table<Parcel> parcels = flow.table(Parcel.class);
    Parcel parcel = new Parcel(7, "Ann");
    parcels.submit(parcel).then(parcels.delete(parcel)).block();

    assertThat(writer.rows()).extracting(Row::isDelete).containsExactly(false, true);
  }
}
