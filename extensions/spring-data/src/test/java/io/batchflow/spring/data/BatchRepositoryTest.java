package io.batchflow.spring.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlowException;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.RowRejectedException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

@Tag("server")
class BatchRepositoryTest {

  private static final int ROWS = 2_500;

  private static Flux<Product> products() {
    return Flux.range(1, ROWS).map(i -> new Product(null, "product " + i, i));
  }

  private static <T> List<Outcome<T>> all(Flux<Outcome<T>> outcomes) {
    return Objects.requireNonNull(outcomes.collectList().block(Site.PATIENCE));
  }

  @ParameterizedTest
  @EnumSource
  void eachEntityGetsTheIdOfItsOwnRow(Site.Kind kind) throws SQLException {
    try (Site site = new Site(kind, false)) {
      ProductRepository repository = site.get(ProductRepository.class);

      List<Outcome<Product>> outcomes = all(repository.insertAll(products()));

      assertThat(outcomes).hasSize(ROWS).allMatch(Outcome::isWritten);
      assertThat(outcomes)
          .extracting(Outcome::value)
          .containsExactlyInAnyOrderElementsOf(repository.findAll().collectList().block());
      assertThat(site.writtenByFlow()).isEqualTo(ROWS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void submitInsertsNewEntitiesAndUpdatesOthers(Site.Kind kind) throws SQLException {
    try (Site site = new Site(kind, false)) {
      ProductRepository repository = site.get(ProductRepository.class);

      Product saved = repository.submit(new Product(null, "first", 1)).block(Site.PATIENCE);
      Long id = Objects.requireNonNull(Objects.requireNonNull(saved).id());
      List<Outcome<Product>> outcomes =
          all(repository.submitAll(Flux.just(new Product(id, "changed", 2))));

      assertThat(outcomes).allMatch(Outcome::isWritten);
      assertThat(repository.findAll().collectList().block(Site.PATIENCE))
          .containsExactly(new Product(id, "changed", 2));
      assertThatThrownBy(() -> repository.submit(new Product(null, "free", 0)).block(Site.PATIENCE))
          .isInstanceOf(RowRejectedException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBadEntityCostsOnlyItself(Site.Kind kind) throws SQLException {
    try (Site site = new Site(kind, false)) {
      ProductRepository repository = site.get(ProductRepository.class);
      Flux<Product> given =
          Flux.just(
              new Product(1L, "a", 1), new Product(null, "no id", 2), new Product(3L, "free", 0));

      List<Outcome<Product>> outcomes = all(repository.upsertAll(given));

      assertThat(outcomes)
          .filteredOn(outcome -> outcome.status() == OutcomeStatus.WRITTEN)
          .extracting(outcome -> outcome.value().name())
          .containsExactly("a");
      assertThat(outcomes)
          .filteredOn(outcome -> outcome.status() == OutcomeStatus.REJECTED)
          .extracting(outcome -> outcome.value().name())
          .containsExactly("free");
      assertThat(outcomes)
          .filteredOn(outcome -> outcome.status() == OutcomeStatus.INVALID)
          .singleElement()
          .satisfies(
              outcome ->
                  assertThat(outcome.error())
                      .hasMessageContaining("the id of the " + Product.class.getName())
                      .hasMessageContaining("Set the @Id property 'id'"));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
  void callbacksAndAuditingActOnceForEachRow(Site.Kind kind) throws SQLException {
    try (Site site = new Site(kind, false)) {
      StockRepository repository = site.get(StockRepository.class);
      Site.Beans beans = site.get(Site.Beans.class);
      Instant before = Instant.now().minusSeconds(1);
      Flux<Stock> given =
          Flux.range(0, 100).map(i -> new Stock(null, "sku " + i, null, null, null));

      List<Outcome<Stock>> outcomes = all(repository.insertAll(given));

      assertThat(beans.converted).hasValue(100);
      assertThat(beans.saved).hasValue(100);
      assertThat(outcomes)
          .allSatisfy(
              outcome -> {
                assertThat(outcome.isWritten()).isTrue();
                assertThat(outcome.value().id()).isNotNull();
                assertThat(outcome.value().createdAt()).isAfter(before);
                assertThat(outcome.value().version()).isZero();
              });
      Stock first = outcomes.get(0).value();
      Stock next = repository.save(first).block(Site.PATIENCE);
      assertThat(Objects.requireNonNull(next).version()).isEqualTo(1);
      assertThatThrownBy(() -> repository.submit(first).block(Site.PATIENCE))
          .isInstanceOf(InvalidRowException.class)
          .hasMessageContaining("'version' of " + Stock.class.getName() + " is a @Version");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTransactionTakesItsRowsBack(Site.Kind kind) throws SQLException {
    try (Site site = new Site(kind, false)) {
      ProductRepository repository = site.get(ProductRepository.class);
      Flux<Outcome<Product>> fails =
          repository
              .insertAll(products())
              .thenMany(repository.insertAll(Flux.just(new Product(null, "free", 0))));

      assertThatThrownBy(() -> site.transaction().transactional(fails).blockLast(Site.PATIENCE))
          .isInstanceOf(BatchFlowException.class);
      assertThat(repository.count().block(Site.PATIENCE)).isZero();

      List<Outcome<Product>> outcomes =
          all(site.transaction().transactional(repository.insertAll(products())));

      assertThat(outcomes)
          .extracting(outcome -> outcome.value().price())
          .containsExactlyElementsOf(IntStream.rangeClosed(1, ROWS).boxed().toList());
      assertThat(repository.count().block(Site.PATIENCE)).isEqualTo(ROWS);
      assertThat(site.writtenByFlow()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRelationIsRefusedByName(Site.Kind kind) throws SQLException {
    try (Site site = new Site(kind, false)) {
      BasketRepository repository = site.get(BasketRepository.class);

      assertThatThrownBy(() -> repository.submit(new Basket(null, List.of())).block(Site.PATIENCE))
          .isInstanceOf(InvalidRowException.class)
          .hasMessageContaining("the property 'products' of " + Basket.class.getName())
          .hasMessageContaining("@Transient");
    }
  }

  @ParameterizedTest
  @EnumSource
  void saveAllIsThatOfSpringWithoutTheProperty(Site.Kind kind) throws SQLException {
    try (Site site = new Site(kind, false)) {
      ProductRepository repository = site.get(ProductRepository.class);

      assertThat(repository.saveAll(products().take(10)).collectList().block(Site.PATIENCE))
          .hasSize(10);
      assertThat(site.writtenByFlow()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void saveAllSignalsTheFirstErrorAfterAllOthers(Site.Kind kind) throws SQLException {
    try (Site site = new Site(kind, true)) {
      ProductRepository repository = site.get(ProductRepository.class);
      List<Product> saved = repository.saveAll(products()).collectList().block(Site.PATIENCE);
      assertThat(saved)
          .extracting(Product::price)
          .containsExactlyElementsOf(IntStream.rangeClosed(1, ROWS).boxed().toList());
      Product old = Objects.requireNonNull(saved).get(0);
      List<Product> mixed =
          List.of(
              new Product(null, "free", 0),
              new Product(old.id(), "changed", 7),
              new Product(null, "last", 8));

      assertThatThrownBy(() -> repository.saveAll(mixed).blockLast(Site.PATIENCE))
          .isInstanceOf(RowRejectedException.class);
      assertThat(repository.count().block(Site.PATIENCE)).isEqualTo(ROWS + 1);
      assertThat(repository.findById(Objects.requireNonNull(old.id())).block(Site.PATIENCE))
          .isEqualTo(new Product(old.id(), "changed", 7));
      assertThat(site.writtenByFlow()).isEqualTo(ROWS + 1);

      List<Product> good = mixed.subList(1, 3);
      assertThat(
              site.transaction()
                  .transactional(repository.saveAll(good))
                  .map(Product::price)
                  .collectList()
                  .block(Site.PATIENCE))
          .containsExactly(7, 8);
      assertThat(site.writtenByFlow()).isEqualTo(ROWS + 1);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
  void anIdThatExistsIsARejectedInsert(Site.Kind kind) throws SQLException {
    try (Site site = new Site(kind, false)) {
      StockRepository repository = site.get(StockRepository.class);
      Stock stock = new Stock(UUID.randomUUID(), "sku", null, null, null);

      List<Outcome<Stock>> outcomes = all(repository.insertAll(Flux.just(stock, stock)));

      assertThat(outcomes)
          .extracting(Outcome::status)
          .containsExactlyInAnyOrder(OutcomeStatus.WRITTEN, OutcomeStatus.REJECTED);
    }
  }
}
