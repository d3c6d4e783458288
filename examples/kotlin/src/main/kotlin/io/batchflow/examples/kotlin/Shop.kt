package io.batchflow.examples.kotlin

import io.batchflow.BatchFlow
import io.batchflow.ConflictStrategy
import io.batchflow.Outcome
import io.batchflow.WriteResult
import io.batchflow.annotation.Key
import io.batchflow.annotation.Table
import java.time.Instant
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.reactive.asFlow
import kotlinx.coroutines.reactor.asFlux
import kotlinx.coroutines.reactor.awaitSingle

@JvmInline value class OrderId(val value: Long)

@Table("orders", onConflict = ConflictStrategy.UPDATE)
data class Order(
    @Key val id: OrderId,
    val product: String,
    val amount: Int = 1,
    val note: String? = null,
    val giftFor: OrderId? = null,
    val placedAt: Instant = Instant.EPOCH,
)

/** Stores orders. */
class Shop(flow: BatchFlow) {

  private val orders = flow.table(Order::class.java)

  /** Returns when the order is durable. Throws the error of the order if it is not. */
  suspend fun place(order: Order): WriteResult = orders.submit(order).awaitSingle()

  /** The outcomes of all orders. An order that fails does not end the flow. */
  fun placeAll(placed: Flow<Order>): Flow<Outcome<Order>> =
      orders.submitAll(placed.asFlux()).asFlow()

  /** The outcomes of lines "id,product". A line that is no order does not end the flow. */
  fun load(lines: Flow<String>): Flow<Outcome<String>> =
      orders.submitAll(lines.asFlux()) { it.toOrder() }.asFlow()
}

private fun String.toOrder(): Order {
  val (id, product) = split(",")
  return Order(OrderId(id.toLong()), product)
}
