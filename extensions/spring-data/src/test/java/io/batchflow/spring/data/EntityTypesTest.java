package io.batchflow.spring.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.UnknownOutcomeException;
import io.batchflow.spring.data.MoneyConverters.Money;
import io.batchflow.spring.data.OrderLine.LineId;
import io.batchflow.spring.data.Parcel.Place;
import io.batchflow.spring.data.Parcel.Speed;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.Bean;
import org.springframework.data.mapping.callback.ReactiveEntityCallbacks;
import org.springframework.data.r2dbc.mapping.event.BeforeConvertCallback;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the properties of entities may be. */
@Tag("server")
class EntityTypesTest {

  private static <T> List<Outcome<T>> all(Flux<Outcome<T>> outcomes) {
    return Objects.requireNonNull(outcomes.collectList().block(Site.PATIENCE));
  }

  private static <T> T get(Mono<T> one) {
    return Objects.requireNonNull(one.block(Site.PATIENCE));
  }

  @ParameterizedTest
  @EnumSource
  void enumsConvertedValuesAndEmbeddedObjectsAreStoredAsSpringDataReadsThem(Site.Kind kind)
      throws SQLException {
    try (Site site = new Site(kind, false)) {
      site.execute(
          "CREATE TABLE parcel ("
              + kind.generatedId()
              + ", speed VARCHAR(9) NOT NULL, price DECIMAL(9, 2), to_city VARCHAR(20),"
              + " to_street VARCHAR(20))");
      ParcelRepository repository = site.get(ParcelRepository.class);
      Money price = new Money(new BigDecimal("1.25"));
      Flux<Parcel> given =
          Flux.just(
              new Parcel(null, Speed.FAST, price, new Place("Rome", null)),
              new Parcel(null, Speed.SLOW, price, null));

      List<Outcome<Parcel>> outcomes = all(repository.insertAll(given));

      assertThat(outcomes)
          .extracting(Outcome::value)
          .containsExactlyInAnyOrderElementsOf(repository.findAll().collectList().block());
      Parcel changed =
          new Parcel(outcomes.get(0).value().id(), Speed.SLOW, price, new Place("Oslo", "Main"));
      assertThat(get(repository.submit(changed))).isEqualTo(changed);
      assertThat(get(repository.findById(Objects.requireNonNull(changed.id())))).isEqualTo(changed);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Site.Kind.class,
      names = {"H2", "POSTGRES"})
  void listsAreArrays(Site.Kind kind) throws SQLException {
    try (Site site = new Site(kind, false)) {
      boolean h2 = kind == Site.Kind.H2;
      site.execute(
          "CREATE TABLE post ("
              + kind.generatedId()
              + (h2
                  ? ", tags VARCHAR ARRAY, votes INTEGER ARRAY)"
                  : ", tags TEXT[], votes INT[])"));
      PostRepository repository = site.get(PostRepository.class);

      List<Outcome<Post>> outcomes =
          all(
              repository.insertAll(
                  Flux.just(new Post(null, List.of("a, b", "\"c\""), List.of(1, 2)))));

      assertThat(outcomes).allMatch(Outcome::isWritten);
      assertThat(repository.findAll().collectList().block(Site.PATIENCE))
          .singleElement()
          .satisfies(
              post -> {
                assertThat(post.tags()).containsExactly("a, b", "\"c\"");
                assertThat(post.votes()).containsExactly(1, 2);
              });
    }
  }

  @Test
  void aListIsInvalidWhereThereAreNoArrays() throws SQLException {
    try (Site site = new Site(Site.Kind.MARIADB, false)) {
      PostRepository repository = site.get(PostRepository.class);

      assertThatThrownBy(
              () ->
                  repository.submit(new Post(null, List.of("a"), List.of(1))).block(Site.PATIENCE))
          .isInstanceOf(InvalidRowException.class)
          .hasMessageContaining("'post'")
          .cause()
          .hasMessageContaining("array");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCompositeIdIsTheKey(Site.Kind kind) throws SQLException {
    try (Site site = new Site(kind, false)) {
      site.execute(
          "CREATE TABLE order_line (order_id BIGINT, line_number INTEGER, amount INTEGER,"
              + " PRIMARY KEY (order_id, line_number))");
      OrderLineRepository repository = site.get(OrderLineRepository.class);
      OrderLine first = new OrderLine(new LineId(1, 1), 10);
      OrderLine changed = new OrderLine(new LineId(1, 1), 11);
      OrderLine second = new OrderLine(new LineId(1, 2), 20);

      assertThat(all(repository.insertAll(Flux.just(first)))).allMatch(Outcome::isWritten);
      assertThat(all(repository.upsertAll(Flux.just(changed, second))))
          .allMatch(Outcome::isWritten);

      assertThat(repository.findAll().collectList().block(Site.PATIENCE))
          .containsExactlyInAnyOrder(changed, second);
      assertThatThrownBy(() -> repository.submit(new OrderLine(null, 1)).block(Site.PATIENCE))
          .isInstanceOf(InvalidRowException.class)
          .hasMessageContaining("no embedded id")
          .hasMessageContaining("Set the @Id property 'id'");
    }
  }

  /** A trigger drops a row, so that the ids that come back belong to nobody. */
  @Test
  void anIdThatTheDatabaseDoesNotTellIsAnOutcome() throws SQLException {
    try (Site site = new Site(Site.Kind.POSTGRES, false)) {
      site.execute(
          "CREATE FUNCTION dropping() RETURNS trigger LANGUAGE plpgsql AS"
              + " 'BEGIN IF NEW.price = 3 THEN RETURN NULL; END IF; RETURN NEW; END'");
      site.execute(
          "CREATE TRIGGER dropping BEFORE INSERT ON product FOR EACH ROW"
              + " EXECUTE FUNCTION dropping()");
      ProductRepository repository = site.get(ProductRepository.class);
      Product dropped = new Product(null, "dropped", 3);

      List<Outcome<Product>> outcomes =
          all(repository.insertAll(Flux.just(dropped, new Product(null, "kept", 4))));

      assertThat(outcomes).hasSize(2);
      assertThat(outcomes)
          .filteredOn(outcome -> outcome.value().equals(dropped))
          .singleElement()
          .satisfies(
              outcome -> {
                assertThat(outcome.status()).isEqualTo(OutcomeStatus.UNKNOWN);
                assertThat(outcome.error())
                    .isInstanceOf(UnknownOutcomeException.class)
                    .hasMessageContaining("'product'")
                    .hasMessageContaining("'id'");
              });
      assertThatThrownBy(() -> repository.submit(dropped).block(Site.PATIENCE))
          .isInstanceOf(UnknownOutcomeException.class);
    }
  }

  /** Instead of those that are beans. */
  static class OwnCallbacks {

    @Bean
    ReactiveEntityCallbacks callbacks() {
      BeforeConvertCallback<Stock> ids = (stock, table) -> Mono.just(stock.withId(new UUID(1, 2)));
      return ReactiveEntityCallbacks.create(ids);
    }
  }

  @Test
  void aContextMayHaveCallbacksOfItsOwn() throws SQLException {
    try (Site site = new Site(Site.Kind.H2, false, OwnCallbacks.class)) {
      StockRepository repository = site.get(StockRepository.class);
      Instant now = Instant.now();

      Stock saved = get(repository.submit(new Stock(null, "sku", now, now, null)));

      assertThat(saved.id()).isEqualTo(new UUID(1, 2));
      assertThat(site.get(Site.Beans.class).converted.get()).isZero();
    }
  }
}
