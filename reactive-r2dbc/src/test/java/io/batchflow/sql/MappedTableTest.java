package io.batchflow.sql;

import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.annotation.Column;
import io.batchflow.annotation.Embedded;
import io.batchflow.annotation.Key;
import io.batchflow.annotation.Table;
import io.batchflow.spi.ColumnCodec;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/** Objects go into a table and come back as they were, on every database and by every driver. */
@Tag("server")
class MappedTableTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private enum Size {
    SMALL,
    LARGE
  }

  private record Place(String city, Integer zip) {}

  private static final class Attributes implements ColumnCodec<Map<String, Integer>> {

    @Override
    public Object encode(Map<String, Integer> value) {
      return new TreeMap<>(value).toString().replace('=', ':');
    }
  }

  @Table(value = "items", onConflict = ConflictStrategy.UPDATE)
  private record Item(
      @Key long id,
      @Column("title") String name,
      Size itemSize,
      BigDecimal price,
      Optional<String> note,
      @Column(updatable = false) LocalDate createdOn,
      @Embedded(prefix = "at_") Place place,
      @Column(codec = Attributes.class) Map<String, Integer> attributes,
      @Column(unsetIfNull = true) Integer version) {

    static Item of(long id, String name, LocalDate createdOn) {
      return new Item(
          id,
          name,
          Size.LARGE,
          new BigDecimal("12.50"),
          Optional.of("fragile"),
          createdOn,
          new Place("Rome", 186),
          Map.of("b", 2, "a", 1),
          null);
    }
  }

  @TempDir private Path directory;

  private Backend open(Backend.Kind kind) {
    Backend backend = kind.open(directory);
    backend.run(
        "CREATE TABLE items (id BIGINT PRIMARY KEY, title VARCHAR(50) NOT NULL,"
            + " item_size VARCHAR(10), price DECIMAL(10, 2), note VARCHAR(50),"
            + " created_on DATE, at_city VARCHAR(50), at_zip INT,"
            + " attributes VARCHAR(100), version INT DEFAULT 1)");
    return backend;
  }

  private static String texts(Backend backend, long id) {
    return backend
        .read(
            "SELECT title, item_size, price, note, created_on, at_city, at_zip, attributes, version"
                + " FROM items WHERE id = "
                + id)
        .toString();
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aRecordGoesInAndComesBack(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      BatchFlow flow = BatchFlow.builder(backend.writer()).build();
      io.batchflow.table.Table<Item> items = flow.table(Item.class);

      items.submit(Item.of(1, "tea", LocalDate.of(2026, 1, 31))).block(PATIENCE);
      items.submit(Item.of(1, "milk", LocalDate.of(2027, 1, 31))).block(PATIENCE);
      items
          .submit(new Item(2, "jam", null, null, Optional.empty(), null, null, null, 7))
          .block(PATIENCE);

      String price = kind.isSqlite() ? "12.5" : "12.50";
      assertThat(texts(backend, 1))
          .isEqualTo(
              "[[milk, LARGE, " + price + ", fragile, 2026-01-31, Rome, 186, {a:1, b:2}, 1]]");
      assertThat(texts(backend, 2))
          .isEqualTo("[[jam, null, null, null, null, null, null, null, 7]]");
      assertBalanced(flow);
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void eachObjectOfAStreamHasItsOwnOutcome(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      BatchFlow flow = BatchFlow.builder(backend.writer()).build();

      List<Outcome<Integer>> outcomes =
          flow.table(Item.class)
              .submitAll(
                  Flux.range(1, 300),
                  id -> Item.of(id, id == 7 ? null : 700 / (id - 11) + "", LocalDate.EPOCH))
              .collectList()
              .block(PATIENCE);

      assertThat(outcomes)
          .hasSize(300)
          .allSatisfy(outcome -> assertThat(outcome.status()).isEqualTo(expected(outcome.value())))
          .allSatisfy(
              outcome -> assertThat(outcome.row().isSet(0)).isEqualTo(outcome.value() != 11));
      assertThat(backend.read("SELECT count(*) FROM items")).isEqualTo(List.of(List.of(298L)));
      assertBalanced(flow);
    }
  }

  /** The database refuses a missing title. The division fails before there is an object. */
  private static OutcomeStatus expected(int id) {
    return switch (id) {
      case 7 -> OutcomeStatus.REJECTED;
      case 11 -> OutcomeStatus.INVALID;
      default -> OutcomeStatus.WRITTEN;
    };
  }
}
