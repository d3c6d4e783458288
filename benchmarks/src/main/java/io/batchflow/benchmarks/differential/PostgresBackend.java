package io.batchflow.benchmarks.differential;

import static io.batchflow.benchmarks.differential.ColumnType.noKey;
import static io.batchflow.benchmarks.differential.ColumnType.type;

import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import io.r2dbc.spi.ConnectionFactories;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** PostgreSQL over r2dbc-postgresql. */
final class PostgresBackend extends BaseBackend {

  private static final List<ColumnType> TYPES =
      List.of(
          type("smallint", "int2", Kind.INTEGER, Short.class),
          type("integer", "int4", Kind.INTEGER, Integer.class),
          type("bigint", "int8", Kind.INTEGER, Long.class),
          type("numeric", "numeric", Kind.DECIMAL, BigDecimal.class),
          type("numeric(4,2)", "numeric", Kind.DECIMAL, BigDecimal.class),
          type("numeric(6,0)", "numeric", Kind.DECIMAL, BigDecimal.class),
          type("real", "float4", Kind.FLOATING, Float.class),
          type("double precision", "float8", Kind.FLOATING, Double.class),
          type("text", "text", Kind.TEXT, String.class),
          type("varchar(5)", "varchar", Kind.TEXT, String.class),
          type("char(3)", "bpchar", Kind.TEXT, String.class),
          type("citext", "citext", Kind.TEXT, String.class),
          type("text COLLATE ci", "text", Kind.TEXT, String.class),
          type("text COLLATE \"C\"", "text", Kind.TEXT, String.class),
          type("short_text", "text", Kind.TEXT, String.class),
          type("boolean", "bool", Kind.BOOLEAN, Boolean.class),
          type("date", "date", Kind.DATE, LocalDate.class),
          type("time", "time", Kind.TIME, LocalTime.class),
          type("time(0)", "time", Kind.TIME, LocalTime.class),
          type("timestamp", "timestamp", Kind.TIMESTAMP, LocalDateTime.class),
          type("timestamp(3)", "timestamp", Kind.TIMESTAMP, LocalDateTime.class),
          type("timestamptz", "timestamptz", Kind.MOMENT, OffsetDateTime.class),
          type("timestamptz(0)", "timestamptz", Kind.MOMENT, OffsetDateTime.class),
          type("interval", "interval", Kind.INTERVAL, Void.class),
          type("uuid", "uuid", Kind.UUID, UUID.class),
          type("bytea", "bytea", Kind.BINARY, byte[].class),
          type("inet", "inet", Kind.INET, Void.class),
          type("mood", "mood", Kind.CHOICE, Void.class),
          type("jsonb", "jsonb", Kind.JSON, Void.class),
          noKey("json", "json", Kind.JSON, Void.class),
          type("integer[]", "int4[]", Kind.ARRAY, Void.class));

  private static final String SET_UP =
      "CREATE EXTENSION citext;"
          + " CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
          + " CREATE TYPE mood AS ENUM ('red', 'green', 'blue');"
          + " CREATE DOMAIN short_text AS text CHECK (length(value) < 6)";

  private PostgresBackend(Site flowSite, Site plainSite, List<Owned> owned) {
    super("postgresql", new PostgresPlain(), flowSite, plainSite, owned);
  }

  static Backend open() throws SQLException {
    TestDatabase forFlow = TestDatabase.on(TestServers.postgres());
    TestDatabase forPlain = TestDatabase.on(TestServers.postgres());
    return new PostgresBackend(
        site(forFlow), site(forPlain), List.of(forFlow::close, forPlain::close));
  }

  private static Site site(TestDatabase database) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      String name = database.server().database();
      statement.execute("ALTER DATABASE " + name + " SET search_path = s, public");
      statement.execute("ALTER DATABASE " + name + " SET synchronous_commit = off");
      statement.execute("ALTER DATABASE " + name + " SET client_min_messages = error");
      statement.execute(SET_UP);
    }
    // The statements of all cases differ, and the driver would cache every one.
    String options = "preparedStatementCacheQueries=16&timeZone=UTC";
    return new R2dbcSite(
        ConnectionFactories.get(database.server().r2dbcUrl("postgresql", options)), List.of());
  }

  @Override
  public List<ColumnType> types() {
    return TYPES;
  }

  @Override
  public ColumnType markType() {
    return type("integer", "int4", Kind.INTEGER, Integer.class);
  }

  @Override
  public String keyClause(SplittableRandom random) {
    return random.nextBoolean() ? "PRIMARY KEY" : "UNIQUE";
  }

  @Override
  public @Nullable Extra extra(Feature feature, List<Column> columns, SplittableRandom random) {
    Extra own = PostgresExtras.of(feature, columns, random);
    return own != null ? own : Extras.of(feature, columns, markType(), random);
  }

  @Override
  public List<String> generated() {
    return List.of(
        "integer GENERATED ALWAYS AS (n * 2) STORED",
        "integer GENERATED ALWAYS AS (n * 2) VIRTUAL",
        "bigint GENERATED ALWAYS AS IDENTITY",
        "bigint GENERATED BY DEFAULT AS IDENTITY",
        "bigserial");
  }

  /** A trigger generates the key, see {@link PostgresExtras}. */
  @Override
  public List<ColumnType> generatedKeys() {
    return List.of(ColumnType.generated("integer", "int4"));
  }

  @Override
  public boolean hasPartialKeys() {
    return true;
  }
}
