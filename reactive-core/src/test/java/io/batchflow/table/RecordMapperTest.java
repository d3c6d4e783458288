package io.batchflow.table;

import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.annotation.Column;
import io.batchflow.annotation.Embedded;
import io.batchflow.annotation.Ignore;
import io.batchflow.annotation.Key;
import io.batchflow.annotation.Table;
import io.batchflow.spi.ColumnCodec;
import io.batchflow.test.RecordingWriter;
import java.lang.invoke.MethodHandles;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The components of a record are the columns of its row. */
class RecordMapperTest {

  private static <T> Row row(RowMapper<T> mapper, T value) {
    Row row = mapper.schema().row();
    mapper.map(value, row);
    return row.freeze();
  }

  private static List<Object> values(Row row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < row.schema().columns().size(); i++) {
      values.add(row.value(i));
    }
    return values;
  }

  private record OrderLine(long orderId, int line, String itemName, BigDecimal price) {}

  @Test
  void namesAreSnakeCaseAndColumnsInTheirOrder() {
    Schema schema = RowMapper.of(OrderLine.class).schema();

    assertThat(schema.table()).isEqualTo("order_line");
    assertThat(schema.columns()).containsExactly("order_id", "line", "item_name", "price");
    assertThat(schema.conflictKey()).isEmpty();
    assertThat(schema.onConflict()).isEqualTo(ConflictStrategy.FAIL);
  }

  @Test
  void snakeCaseKeepsDigitsAndAcronymsTogether() {
    assertThat(List.of("a", "orderId", "HTTPUrl", "line2", "line2Text", "isX", "OrderDTO"))
        .extracting(Names::snakeCase)
        .containsExactly("a", "order_id", "http_url", "line2", "line2_text", "is_x", "order_dto");
  }

  @Test
  void valuesAreThoseOfTheComponents() {
    OrderLine line = new OrderLine(1L << 40, 2, null, BigDecimal.TEN);

    Row row = row(RowMapper.of(OrderLine.class), line);

    assertThat(values(row)).containsExactly(1L << 40, 2, null, BigDecimal.TEN);
    assertThat(row.isComplete()).isTrue();
  }

  @Table(value = "shop.orders", onConflict = ConflictStrategy.UPDATE)
  private record Order(
      @Key UUID id,
      @Column("ITEM") String item,
      @Column(updatable = false) Instant createdAt,
      @Column(unsetIfNull = true) Integer version,
      @Ignore String note) {}

  @Test
  void annotationsNameTableKeyColumnsAndStrategy() {
    RowMapper<Order> mapper = RowMapper.of(Order.class);
    Schema schema = mapper.schema();

    assertThat(schema.tablePath()).containsExactly("shop", "orders");
    assertThat(schema.columns()).containsExactly("id", "ITEM", "created_at", "version");
    assertThat(schema.conflictKey()).containsExactly("id");
    assertThat(schema.onConflict()).isEqualTo(ConflictStrategy.UPDATE);
    assertThat(schema.updateColumns()).containsExactly("ITEM", "version");
    assertThat(mapper)
        .hasToString(
            "RowMapper["
                + Order.class.getTypeName()
                + ", Schema[table=shop.orders, columns=[id, ITEM, created_at, version]]]");
  }

  @Test
  void nullIsStoredUnlessTheColumnIsLeftUnset() {
    Row row = row(RowMapper.of(Order.class), new Order(UUID.randomUUID(), null, null, null, "n"));

    assertThat(row.isSet(1)).isTrue();
    assertThat(row.isSet(2)).isTrue();
    assertThat(row.isSet(3)).isFalse();
  }

  private record Money(@Column("amount") BigDecimal value, String currency) {}

  private record Place(String street, int zip) {}

  private record Address(String city, @Embedded Place place) {}

  private record Parcel(
      @Key @Embedded Id id,
      @Embedded(prefix = "ship_") Address to,
      @Embedded(prefix = "bill_") Address from,
      @Embedded(prefix = "total_") Money total) {

    private record Id(String shop, long number) {}
  }

  @Test
  void embeddedRecordsAreColumnsWithTheirPrefix() {
    RowMapper<Parcel> mapper = RowMapper.of(Parcel.class);
    Address to = new Address("Rome", new Place("Via A", 1));

    Row row =
        row(
            mapper,
            new Parcel(
                new Parcel.Id("s", 7),
                to,
                new Address(null, new Place("B", 2)),
                new Money(BigDecimal.ONE, "EUR")));

    assertThat(mapper.schema().columns())
        .containsExactly(
            "shop",
            "number",
            "ship_city",
            "ship_street",
            "ship_zip",
            "bill_city",
            "bill_street",
            "bill_zip",
            "total_amount",
            "total_currency");
    assertThat(mapper.schema().conflictKey()).containsExactly("shop", "number");
    assertThat(values(row))
        .containsExactly("s", 7L, "Rome", "Via A", 1, null, "B", 2, BigDecimal.ONE, "EUR");
  }

  @Test
  void anEmbeddedRecordThatIsNullHasColumnsThatAreNull() {
    record Priced(long id, @Embedded Money money) {}

    assertThat(values(row(RowMapper.of(Priced.class), new Priced(1, null))))
        .containsExactly(1L, null, null);
  }

  private enum Size {
    SMALL,
    LARGE {
      @Override
      public String toString() {
        return "big";
      }
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // arrays are what is mapped
  private record Wrapped(
      Size size,
      Optional<String> text,
      Optional<Size> maybe,
      OptionalInt i,
      OptionalLong l,
      OptionalDouble d,
      List<String> tags,
      Set<DayOfWeek> days,
      Size[] sizes,
      byte[] bytes,
      Object any) {}

  @Test
  void enumsAreNamesAndOptionalsAreTheirValues() {
    byte[] bytes = {1, 2};
    Row row =
        row(
            RowMapper.of(Wrapped.class),
            new Wrapped(
                Size.LARGE,
                Optional.of("t"),
                Optional.of(Size.SMALL),
                OptionalInt.of(1),
                OptionalLong.of(2),
                OptionalDouble.of(3),
                List.of("a"),
                Set.of(DayOfWeek.FRIDAY),
                new Size[] {Size.LARGE, null},
                bytes,
                'x'));

    assertThat(values(row).subList(0, 7))
        .containsExactly("LARGE", "t", "SMALL", 1, 2L, 3.0, List.of("a"));
    assertThat((Object[]) row.value("days")).containsExactly("FRIDAY");
    assertThat((Object[]) row.value("sizes")).containsExactly("LARGE", null);
    assertThat(row.value("bytes")).isSameAs(bytes);
    assertThat(row.value("any")).isEqualTo('x');
  }

  @Test
  @SuppressWarnings("NullOptional") // what a careless caller does
  void emptyOptionalsAndMissingValuesAreNull() {
    Row row =
        row(
            RowMapper.of(Wrapped.class),
            new Wrapped(
                null,
                Optional.empty(),
                null,
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                null,
                null,
                null,
                null,
                null));

    assertThat(values(row)).hasSize(11).containsOnlyNulls();
  }

  /** What a codec of the documentation would do with a JSON library. */
  private static final class Json implements ColumnCodec<Map<String, Integer>> {

    @Override
    public Object encode(Map<String, Integer> value) {
      return value.toString().replace('=', ':');
    }
  }

  private record Document(
      long id, @Column(codec = Json.class) Map<String, Integer> counts, Locale locale) {}

  @Test
  void aCodecMakesWhatIsStored() {
    RowMapper<Document> mapper =
        RowMapper.builder(Document.class).codec(Locale.class, Locale::toLanguageTag).build();

    assertThat(values(row(mapper, new Document(1, Map.of("a", 1), Locale.US))))
        .containsExactly(1L, "{a:1}", "en-US");
    assertThat(values(row(mapper, new Document(1, null, null)))).containsExactly(1L, null, null);
  }

  @Test
  void theBuilderGoesBeforeAnnotations() {
    RowMapper<Order> mapper =
        RowMapper.builder(Order.class)
            .table("archive")
            .onConflict(ConflictStrategy.IGNORE)
            .key("item")
            .ignore("version")
            .naming(name -> name.toUpperCase(Locale.ROOT))
            .codec("createdAt", (ColumnCodec<Instant>) Instant::toEpochMilli)
            .lookup(MethodHandles.lookup())
            .build();

    assertThat(mapper.schema())
        .isEqualTo(
            Schema.table("archive")
                .columns("ID", "ITEM", "CREATEDAT")
                .conflictKey("ID", "ITEM")
                .onConflict(ConflictStrategy.IGNORE)
                .build());
    assertThat(
            row(mapper, new Order(UUID.randomUUID(), "i", Instant.EPOCH, 1, "")).value("CREATEDAT"))
        .isEqualTo(0L);
  }

  @Test
  void theMapperOfAClassIsMadeOnce() {
    assertThat(RowMapper.of(Order.class)).isSameAs(RowMapper.of(Order.class));
  }

  record Moody(int id) {

    @Override
    public int id() {
      if (id == 2) {
        throw new IllegalStateException("secret " + id);
      }
      return id;
    }
  }

  @Test
  void aComponentThatThrowsCostsItsRowAlone() {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    BatchFlow flow = BatchFlow.builder(RecordingWriter.create()).scheduler(time).build();
    List<Outcome<Moody>> outcomes = new ArrayList<>();

    flow.table(Moody.class).submitAll(Flux.range(1, 3).map(Moody::new)).subscribe(outcomes::add);
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(outcomes).hasSize(3).filteredOn(Outcome::isWritten).hasSize(2);
    assertThat(outcomes)
        .filteredOn(outcome -> outcome.status() == OutcomeStatus.INVALID)
        .singleElement()
        .satisfies(
            outcome ->
                assertThat(outcome.error())
                    .isInstanceOfSatisfying(
                        InvalidRowException.class,
                        invalid -> assertThat(invalid.column()).contains("id"))
                    .hasMessage(
                        "Row for table 'moody': property 'id' of class "
                            + Moody.class.getTypeName()
                            + " threw a IllegalStateException. The cause is that exception: pass a"
                            + " value that can be read.")
                    .hasCauseInstanceOf(IllegalStateException.class));
    assertBalanced(flow);
  }

  /** More than one method handle reads them. */
  record Wide(
      @Key int c0,
      int c1,
      int c2,
      int c3,
      int c4,
      int c5,
      int c6,
      int c7,
      int c8,
      int c9,
      int c10,
      int c11,
      int c12,
      int c13,
      int c14,
      int c15,
      Integer c16,
      @Column(unsetIfNull = true) Integer c17,
      int c18) {

    @Override
    public Integer c16() {
      if (c16 < 0) {
        throw new IllegalStateException();
      }
      return c16;
    }
  }

  private static Wide wide(int c16, Integer c17) {
    return new Wide(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, c16, c17, 18);
  }

  @Test
  void aRecordMayHaveManyColumns() {
    RowMapper<Wide> mapper = RowMapper.of(Wide.class);
    Row full = row(mapper, wide(16, 17));
    Row unset = row(mapper, wide(16, null));

    assertThat(values(full))
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18);
    assertThat(unset.isSet(17)).isFalse();
    assertThat(unset.value(18)).isEqualTo(18);
  }

  /** The JIT compiler has made one method of the whole mapping by then. */
  @Test
  void theMappingIsTheSameWhenItIsCompiled() {
    RowMapper<Wide> mapper = RowMapper.of(Wide.class);
    for (int i = 0; i < 50_000; i++) {
      Row mapped = row(mapper, wide(i, i % 2 == 0 ? null : i));
      assertThat(mapped.value(16)).isEqualTo(i);
      assertThat(mapped.isSet(17)).isEqualTo(i % 2 != 0);
    }
    assertThatThrownBy(() -> row(mapper, wide(-1, null)))
        .isInstanceOfSatisfying(
            InvalidRowException.class, invalid -> assertThat(invalid.column()).contains("c16"));
  }
}
