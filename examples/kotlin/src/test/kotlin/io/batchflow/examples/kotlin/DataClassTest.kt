package io.batchflow.examples.kotlin

import io.batchflow.InvalidRowException
import io.batchflow.InvalidSchemaException
import io.batchflow.Row
import io.batchflow.annotation.Column
import io.batchflow.annotation.Ignore
import io.batchflow.annotation.Key
import io.batchflow.spi.ColumnCodec
import io.batchflow.table.RowMapper
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test

/** The properties of a data class are the columns of its row. */
class DataClassTest {

  enum class Size {
    SMALL,
    LARGE,
  }

  @JvmInline value class Email(val text: String)

  @JvmInline value class Flag(val set: Boolean)

  @JvmInline value class Labels(val all: Map<String, String>)

  data class Account(
      @Key val id: OrderId,
      val parent: OrderId?,
      val email: Email,
      val otherEmail: Email?,
      val isOpen: Boolean,
      val isNew: Flag,
      val size: Size?,
      val `a-b`: Int,
      val orders: List<OrderId>,
      @Column("visits") val count: Int = 0,
      internal val secret: String = "s",
      private val hidden: String = "h",
  ) {
    @get:Ignore
    val isBig
      get() = size == Size.LARGE

    val domain: Email
      get() = Email(email.text.substringAfter('@'))
  }

  private fun <T : Any> mapped(value: T): Map<String, Any?> {
    val mapper = RowMapper.of(value.javaClass)
    val row: Row = mapper.schema().row()
    mapper.map(value, row)
    return mapper.schema().columns().associateWith(row::value)
  }

  @Test
  fun valueClassesAreStoredAsTheirValues() {
    val account =
        Account(
            OrderId(1), OrderId(2), Email("a@b"), null, true, Flag(false), Size.SMALL, 5,
            listOf(OrderId(3)),
        )

    assertThat(mapped(account).mapValues { (_, value) -> (value as? Array<*>)?.toList() ?: value })
        .isEqualTo(
            mapOf(
                "id" to 1L,
                "parent" to 2L,
                "email" to "a@b",
                "other_email" to null,
                "is_open" to true,
                "is_new" to false,
                "size" to "SMALL",
                "a-b" to 5,
                "orders" to listOf(3L),
                "visits" to 0,
                "secret" to "s",
                "domain" to "b",
            )
        )
  }

  @Test
  fun aNullOfAValueClassIsNull() {
    val account =
        Account(OrderId(1), null, Email("a@b"), Email("c@d"), false, Flag(true), null, 5, listOf())

    assertThat(mapped(account))
        .containsEntry("parent", null)
        .containsEntry("other_email", "c@d")
        .containsEntry("size", null)
  }

  data class Unsigned(@Key val id: Long, val count: UInt)

  data class Timed(@Key val id: Long, val lasted: Duration)

  data class MaybeTimed(@Key val id: Long, val lasted: Duration?)

  data class Labelled(@Key val id: Long, val labels: List<Labels>)

  private fun refused(type: Class<*>) =
      assertThatThrownBy { RowMapper.of(type) }
          .isInstanceOf(InvalidSchemaException::class.java)
          .hasMessageContaining(type.name)

  /** A UInt above 2,147,483,647 is a negative int in the getter, and a Duration is an odd number. */
  @Test
  fun valueClassesOfKotlinItselfAreRefused() {
    refused(Unsigned::class.java).hasMessageContaining("'count'").hasMessageContaining("ColumnCodec")
    refused(Timed::class.java).hasMessageContaining("'lasted'").hasMessageContaining("java.time")
    refused(MaybeTimed::class.java).hasMessageContaining("kotlin.time.Duration")
  }

  @Test
  fun aValueClassOfWhatNoColumnHoldsIsRefused() {
    refused(Labelled::class.java).hasMessageContaining("'labels'").hasMessageContaining("Labels")
  }

  class Seconds : ColumnCodec<Duration> {
    override fun encode(value: Duration) = value.inWholeSeconds
  }

  data class Coded(@Key val id: Long, @Column(codec = Seconds::class) val lasted: Duration?)

  @Test
  fun aCodecStoresAnyType() {
    assertThat(mapped(Coded(1, 90.seconds))).containsEntry("lasted", 90L)
  }

  class Late(@Key val id: Long) {
    lateinit var name: String
  }

  @Test
  fun aPropertyThatIsNotInitializedIsNamed() {
    assertThatThrownBy { mapped(Late(1)) }
        .isInstanceOf(InvalidRowException::class.java)
        .hasMessageContaining("'name'")
        .hasMessageContaining(Late::class.java.name)
  }
}
