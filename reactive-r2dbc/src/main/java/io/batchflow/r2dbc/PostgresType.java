package io.batchflow.r2dbc;

import static io.r2dbc.postgresql.codec.PostgresqlObjectId.BOOL;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.BOOL_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.BPCHAR;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.BPCHAR_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.BYTEA;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.BYTEA_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.DATE;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.DATE_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.FLOAT4;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.FLOAT4_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.FLOAT8;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.FLOAT8_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.INT2;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.INT2_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.INT4;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.INT4_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.INT8;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.INT8_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.JSON;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.JSONB;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.JSONB_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.JSON_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.NUMERIC;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.NUMERIC_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.TEXT;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.TEXT_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.TIME;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.TIMESTAMP;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.TIMESTAMPTZ;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.TIMESTAMPTZ_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.TIMESTAMP_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.TIME_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.UUID;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.UUID_ARRAY;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.VARCHAR;
import static io.r2dbc.postgresql.codec.PostgresqlObjectId.VARCHAR_ARRAY;

import io.batchflow.sql.SqlColumn;
import io.netty.buffer.ByteBuf;
import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL type whose binary format is implemented here. */
enum PostgresType {
  SMALLINT(
      "smallint",
      INT2,
      INT2_ARRAY,
      (out, value) -> PostgresBinary.integer(out, value, Short.BYTES)),
  INTEGER(
      "integer",
      INT4,
      INT4_ARRAY,
      (out, value) -> PostgresBinary.integer(out, value, Integer.BYTES)),
  BIGINT(
      "bigint", INT8, INT8_ARRAY, (out, value) -> PostgresBinary.integer(out, value, Long.BYTES)),
  REAL("real", FLOAT4, FLOAT4_ARRAY, PostgresBinary::real),
  DOUBLE("double precision", FLOAT8, FLOAT8_ARRAY, PostgresBinary::doublePrecision),
  DECIMAL("numeric", NUMERIC, NUMERIC_ARRAY, PostgresNumeric::write),
  BOOLEAN("boolean", BOOL, BOOL_ARRAY, PostgresBinary::bool),
  STRING("text", TEXT, TEXT_ARRAY, PostgresBinary::text),
  LIMITED_STRING("character varying", VARCHAR, VARCHAR_ARRAY, PostgresBinary::text),
  PADDED_STRING("bpchar", BPCHAR, BPCHAR_ARRAY, PostgresBinary::text),
  JSON_TEXT("json", JSON, JSON_ARRAY, PostgresBinary::text),
  JSON_TREE("jsonb", JSONB, JSONB_ARRAY, PostgresBinary::jsonb),
  BYTES("bytea", BYTEA, BYTEA_ARRAY, PostgresBinary::bytea),
  IDENTIFIER("uuid", UUID, UUID_ARRAY, PostgresBinary::uuid),
  DAY("date", DATE, DATE_ARRAY, PostgresBinary::date),
  TIME_OF_DAY("time without time zone", TIME, TIME_ARRAY, PostgresBinary::time),
  LOCAL_TIME("timestamp without time zone", TIMESTAMP, TIMESTAMP_ARRAY, PostgresBinary::timestamp),
  MOMENT("timestamp with time zone", TIMESTAMPTZ, TIMESTAMPTZ_ARRAY, PostgresBinary::moment);

  private static final Map<String, PostgresType> BY_NAME =
      Stream.of(values()).collect(Collectors.toMap(type -> type.name, type -> type));

  private final String name;

  /** The object identifier of the type. */
  final int oid;

  /** The object identifier of the type of its arrays. */
  final int arrayOid;

  @SuppressWarnings("ImmutableEnumChecker") // the functions have no state
  private final BiPredicate<ByteBuf, Object> form;

  PostgresType(
      String name,
      PostgresqlObjectId type,
      PostgresqlObjectId array,
      BiPredicate<ByteBuf, Object> form) {
    this.name = name;
    this.oid = type.getObjectId();
    this.arrayOid = array.getObjectId();
    this.form = form;
  }

  /** Returns the type of a column; null if its binary format is not implemented here. */
  static @Nullable PostgresType of(SqlColumn column) {
    return BY_NAME.get(column.castType());
  }

  /**
   * Writes a value with its length. Returns false if it has no binary form here, or if it throws:
   * the text format then names its row.
   */
  boolean write(ByteBuf out, @Nullable Object value) {
    if (value == null) {
      out.writeInt(-1);
      return true;
    }
    try {
      return form.test(out, value);
    } catch (RuntimeException rejected) {
      return false;
    }
  }
}
