package io.batchflow.examples.kotlin

import io.batchflow.BatchFlow
import io.batchflow.OutcomeStatus
import io.batchflow.RowVerdict
import io.batchflow.r2dbc.R2dbcBatchWriter
import io.r2dbc.spi.ConnectionFactories
import java.lang.reflect.InvocationTargetException
import java.time.Instant
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.reactive.asFlow as asCoroutineFlow
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import reactor.core.publisher.Flux
import reactor.core.publisher.Mono

/** Data classes reach the table by `awaitSingle` and `asFlow`. */
class ShopTest {

  private val database = ConnectionFactories.get("r2dbc:h2:mem:///shop")
  private val keepAlive = Mono.from(database.create()).block()!!

  init {
    Flux.from(
            keepAlive
                .createStatement(
                    "CREATE TABLE orders (id BIGINT PRIMARY KEY, product VARCHAR(20) NOT NULL," +
                        " amount INT, note VARCHAR(20), gift_for BIGINT, placed_at TIMESTAMP)"
                )
                .execute()
        )
        .flatMap { it.rowsUpdated }
        .blockLast()
  }

  private val flow = BatchFlow.builder(R2dbcBatchWriter.create(database)).build()
  private val shop = Shop(flow)

  @AfterEach
  fun close() {
    flow.close().block()
    Mono.from(keepAlive.close()).block()
  }

  private fun stored(): List<List<Any?>> =
      Flux.from(
              keepAlive
                  .createStatement("SELECT id, product, amount, note, gift_for FROM orders ORDER BY id")
                  .execute()
          )
          .flatMap { result -> result.map { row, _ -> (0..4).map { row.get(it) } } }
          .collectList()
          .block()!!

  @Test
  fun submitAwaitsTheStoredOrder() = runBlocking<Unit> {
    val result = shop.place(Order(OrderId(1), "tea", note = "soon", giftFor = OrderId(7)))

    assertThat(result.verdict()).isEqualTo(RowVerdict.WRITTEN)
    assertThat(stored()).containsExactly(listOf(1L, "tea", 1, "soon", 7L))
  }

  @Test
  fun defaultsAndNullsAreStored() = runBlocking<Unit> {
    val orders = (1L..100).map { Order(OrderId(it), "cup") }

    val outcomes = shop.placeAll(orders.asFlow()).toList()

    assertThat(outcomes.map { it.value() }).containsExactlyInAnyOrderElementsOf(orders)
    assertThat(outcomes).allMatch { it.status() == OutcomeStatus.WRITTEN }
    assertThat(stored()).isEqualTo((1L..100).map { listOf(it, "cup", 1, null, null) })
  }

  @Test
  fun aLineThatIsNoOrderCostsItself() = runBlocking<Unit> {
    val outcomes = shop.load(flowOf("1,tea", "no order", "2,cup")).toList()

    assertThat(outcomes.filter { it.status() == OutcomeStatus.WRITTEN }.map { it.value() })
        .containsExactlyInAnyOrder("1,tea", "2,cup")
    assertThat(outcomes.filter { it.status() == OutcomeStatus.INVALID }.map { it.value() })
        .containsExactly("no order")
  }

  /** Java hands nulls to parameters that are not nullable, as JSON mappers without Kotlin do. */
  @Test
  fun theErrorOfAnObjectNamesTheParameterThatIsNull() = runBlocking<Unit> {
    val make = Order::class.java.declaredConstructors.first { it.parameterCount == 8 }
    val orders =
        flow.table(Order::class.java).submitAll(Flux.just(1L, 2L)) { id ->
          try {
            val product = if (id == 1L) null else "tea"
            make.newInstance(id, product, 1, null, null, Instant.EPOCH, 0, null) as Order
          } catch (thrown: InvocationTargetException) {
            throw thrown.targetException
          }
        }

    val outcomes = orders.asCoroutineFlow().toList().associateBy { it.value() }

    assertThat(outcomes.getValue(2L).status()).isEqualTo(OutcomeStatus.WRITTEN)
    assertThat(outcomes.getValue(1L).status()).isEqualTo(OutcomeStatus.INVALID)
    assertThat(outcomes.getValue(1L).error())
        .hasMessageContaining("orders")
        .hasMessageContaining("NullPointerException")
        .hasRootCauseMessage(
            "Parameter specified as non-null is null: method ${Order::class.java.name}.<init>," +
                " parameter product"
        )
  }
}
