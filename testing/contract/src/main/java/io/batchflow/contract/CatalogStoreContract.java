package io.batchflow.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.Overflow;
import io.batchflow.catalog.CatalogFullException;
import io.batchflow.catalog.CatalogStore;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableSettings;
import io.batchflow.catalog.TableStatus;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * The contract of {@link CatalogStore} as tests. Extend it and implement the access to your store.
 * Each test starts with an empty catalog, and has two clients of it, as two processes have.
 */
public abstract class CatalogStoreContract extends CatalogRaceContract {

  @Test
  void anEmptyCatalogHasGenerationZero() {
    assertThat(got(store.generation())).isZero();
    assertThat(names()).isEmpty();
    assertThat(store.find("orders").block(PATIENCE)).isNull();
  }

  @Test
  void eachChangeHasALargerGeneration() {
    TableInfo orders = inserted("orders");
    assertThat(orders.generation()).isPositive().isEqualTo(got(other.generation()));
    TableInfo logs = inserted("logs");
    assertThat(logs.generation()).isGreaterThan(orders.generation());
    TableInfo changed = got(other.replace(orders.withStatus(TableStatus.PAUSED)));
    assertThat(changed.generation()).isGreaterThan(logs.generation());
    assertThat(got(store.generation())).isEqualTo(changed.generation());

    assertThat(got(store.remove(logs))).isTrue();
    assertThat(got(other.generation())).isGreaterThan(changed.generation());
  }

  @Test
  void aTableComesBackAsItWas() {
    TableSettings settings =
        TableSettings.builder()
            .bufferSize(5_000)
            .flushInterval(Duration.ZERO)
            .maxBytes(1L << 40)
            .lingerWhenIdle(false)
            .concurrency(2)
            .overflow(Overflow.FAIL)
            .deliveryTimeout(Duration.ofMillis(1))
            .maxPausedRows(1)
            .share(0.3)
            .reserved(1)
            .retentionDays(0)
            .backupEnabled(false)
            .property("owner", "Zoë's \"team\" \\ 東京 🚀")
            .property("description", " two\nlines=\t#and more: ")
            .property("empty", "")
            .property("long", "é".repeat(1_000))
            .build();
    TableInfo given =
        new TableInfo("orders", TableStatus.ARCHIVED, settings, 0, TIME, TIME.plusSeconds(1));

    TableInfo stored = got(store.insert(given, MOST));

    assertThat(stored).isEqualTo(given.withGeneration(stored.generation()));
    assertThat(other.find("orders").block(PATIENCE)).isEqualTo(stored);
    assertThat(other.tables().collectList().block(PATIENCE)).containsExactly(stored);
  }

  @Test
  void manyPropertiesAreKept() {
    TableSettings.Builder settings = TableSettings.builder();
    for (int i = 0; i < 32; i++) {
      settings.property("p" + i, "🚀".repeat(500));
    }
    TableInfo stored = got(store.insert(table("orders").withSettings(settings.build()), MOST));

    assertThat(other.find("orders").block(PATIENCE)).isEqualTo(stored);
  }

  @Test
  void aTableIsInsertedOnce() {
    TableInfo orders = inserted("orders");

    assertThat(other.insert(table("orders").withSettings(size(3)), MOST).block(PATIENCE)).isNull();
    assertThat(got(other.find("orders"))).isEqualTo(orders);
    assertThat(got(other.generation())).isEqualTo(orders.generation());
  }

  @Test
  void namesDifferByCaseAndAreSorted() {
    inserted("orders");
    inserted("logs");
    inserted("Orders");

    assertThat(names()).containsExactly("Orders", "logs", "orders");
    assertThat(got(other.find("Orders")).name()).isEqualTo("Orders");
    assertThat(other.find("ORDERS").block(PATIENCE)).isNull();
  }

  @Test
  void aChangeNeedsTheGenerationOfTheTable() {
    TableInfo orders = inserted("orders");
    TableInfo changed = got(other.replace(orders.withSettings(size(3))));

    assertThat(changed.settings()).isEqualTo(size(3));
    assertThat(store.replace(orders.withSettings(size(4))).block(PATIENCE)).isNull();
    assertThat(got(store.remove(orders))).isFalse();
    assertThat(got(store.find("orders"))).isEqualTo(changed);
    assertThat(got(store.generation())).isEqualTo(changed.generation());

    assertThat(got(store.remove(changed))).isTrue();
    assertThat(got(store.remove(changed))).isFalse();
    assertThat(store.replace(changed).block(PATIENCE)).isNull();
    assertThat(names()).isEmpty();
  }

  @Test
  void aTableThatIsInsertedAgainHasAnotherGeneration() {
    TableInfo first = inserted("orders");
    got(store.remove(first));
    TableInfo second = inserted("orders");

    assertThat(second.generation()).isGreaterThan(first.generation());
    assertThat(got(other.remove(first))).isFalse();
  }

  @Test
  void theNumberOfTablesIsBounded() {
    got(store.insert(table("orders"), 2));
    got(store.insert(table("logs"), 2));

    Mono<TableInfo> third = other.insert(table("users"), 2);
    assertThatThrownBy(() -> third.block(PATIENCE))
        .isInstanceOfSatisfying(
            CatalogFullException.class, full -> assertThat(full.maxTables()).isEqualTo(2));
    assertThat(other.insert(table("logs"), 2).block(PATIENCE)).as("it exists").isNull();
    assertThat(names()).containsExactly("logs", "orders");
  }

  @Test
  void nothingHappensBeforeTheSubscription() {
    Mono<TableInfo> insert = store.insert(table("orders"), MOST);

    assertThat(names()).isEmpty();
    insert.block(PATIENCE);
    assertThat(names()).containsExactly("orders");
  }
}
