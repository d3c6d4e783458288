package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Overflow;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.annotation.Column;
import io.batchflow.annotation.Embedded;
import io.batchflow.annotation.Ignore;
import io.batchflow.annotation.Key;
import io.batchflow.spi.ColumnCodec;
import io.batchflow.table.RowMapper;
import io.batchflow.table.Table;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** The snippets of docs/typed-tables.md. */
class TypedTableExampleTest {

  record Address(String street, String city) {}

  enum Size {
    SMALL,
    LARGE
  }

  @io.batchflow.annotation.Table("shop.parcel")
  record Parcel(
      @Key long id,
      @Column("sender_name") String sender,
      @Embedded(prefix = "to_") Address to,
      Size size,
      Optional<String> note,
      @Column(unsetIfNull = true) Instant receivedAt,
      @Column(codec = Json.class) Map<String, Object> labels,
      @Ignore String internal) {}

  /** Stores anything as JSON. */
  static final class Json implements ColumnCodec<Object> {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    @Override
    public Object encode(Object value) {
      return MAPPER.writeValueAsString(value);
    }
  }

  private final RecordingWriter writer = RecordingWriter.create();
  private final BatchFlow flow = BatchFlow.builder(writer).build();

  @AfterEach
  void close() {
    flow.close().block();
  }

  private Mono<WriteResult> answerAtOnce(Table<Parcel> parcels, Parcel parcel) {
    return parcels.with(Overflow.FAIL).submit(parcel);
  }

  private Mono<WriteResult> answerInTime(Table<Parcel> parcels, Parcel parcel) {
    return parcels.with(Duration.ofMillis(800)).submit(parcel);
  }

  private Flux<Outcome<String>> load(Table<Parcel> parcels, Flux<String> lines) {
    return parcels.submitAll(lines, line -> JsonMapper.shared().readValue(line, Parcel.class));
  }

  @Test
  void aParcelIsARow() {
    Table<Parcel> parcels = flow.table(Parcel.class);
    Parcel parcel =
        new Parcel(
            1,
            "Ann",
            new Address("Via A", "Rome"),
            Size.LARGE,
            Optional.empty(),
            null,
            Map.of("a", 1),
            "x");

    answerAtOnce(parcels, parcel).block();
    answerInTime(parcels, parcel).block();

    assertThat(parcels.schema().columns())
        .containsExactly(
            "id", "sender_name", "to_street", "to_city", "size", "note", "received_at", "labels");
    assertThat(writer.rows().get(0).value("labels")).isEqualTo("{\"a\":1}");
  }

  @Test
  void aLineThatIsNoParcelIsAnOutcome() {
    List<Outcome<String>> outcomes =
        load(flow.table(Parcel.class), Flux.just("{\"id\":1}", "no json")).collectList().block();

    assertThat(outcomes)
        .filteredOn(outcome -> outcome.status() == OutcomeStatus.INVALID)
        .singleElement()
        .satisfies(outcome -> assertThat(outcome.value()).isEqualTo("no json"));
  }

  @Test
  void theBuilderNeedsNoAnnotations() {
    RowMapper<Address> mapper =
        RowMapper.builder(Address.class)
            .table("addresses")
            .key("street", "city")
            .onConflict(ConflictStrategy.IGNORE)
            .build();

    assertThat(mapper.schema().conflictKey()).containsExactly("street", "city");
  }

  @Test
  void aMapperMayBeWritten() {
    Schema schema = Schema.table("addresses").columns("city", "street").build();
    Table<Address> addresses =
        flow.table(
            RowMapper.of(
                schema, (address, row) -> row.set(0, address.city()).set(1, address.street())));

    addresses.submit(new Address("Via A", "Rome")).block();

    assertThat(writer.rows().get(0).value("city")).isEqualTo("Rome");
  }
}
