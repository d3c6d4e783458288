package io.batchflow.benchmarks.differential;

import static io.batchflow.benchmarks.differential.ColumnType.noKey;
import static io.batchflow.benchmarks.differential.ColumnType.type;

import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import io.r2dbc.spi.ConnectionFactories;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** MariaDB over either of its two drivers. */
final class MariaDbBackend extends BaseBackend {

  private static final List<ColumnType> TYPES =
      List.of(
          type("tinyint", "", Kind.INTEGER, Byte.class),
          type("smallint unsigned", "", Kind.INTEGER, Integer.class),
          type("int", "", Kind.INTEGER, Integer.class),
          type("bigint", "", Kind.INTEGER, Long.class),
          type("bigint unsigned", "", Kind.INTEGER, BigInteger.class),
          type("decimal(4,2)", "", Kind.DECIMAL, BigDecimal.class),
          type("decimal(30,10)", "", Kind.DECIMAL, BigDecimal.class),
          type("float", "", Kind.FLOATING, Float.class),
          type("double", "", Kind.FLOATING, Double.class),
          type("varchar(5)", "", Kind.TEXT, String.class),
          type("varchar(40)", "", Kind.TEXT, String.class),
          type("varchar(40) COLLATE utf8mb4_bin", "", Kind.TEXT, String.class),
          type("varchar(40) COLLATE utf8mb4_nopad_bin", "", Kind.TEXT, String.class),
          type("varchar(40) COLLATE utf8mb4_uca1400_as_ci", "", Kind.TEXT, String.class),
          type("char(3)", "", Kind.TEXT, String.class),
          noKey("text", "", Kind.TEXT, String.class),
          type("binary(3)", "", Kind.BINARY, byte[].class),
          type("varbinary(10)", "", Kind.BINARY, byte[].class),
          noKey("blob", "", Kind.BINARY, byte[].class),
          type("boolean", "", Kind.BOOLEAN, Boolean.class),
          type("date", "", Kind.DATE, LocalDate.class),
          type("time", "", Kind.TIME, LocalTime.class),
          type("time(6)", "", Kind.TIME, LocalTime.class),
          type("datetime", "", Kind.TIMESTAMP, LocalDateTime.class),
          type("datetime(6)", "", Kind.TIMESTAMP, LocalDateTime.class),
          // In a NOT NULL timestamp, a null becomes the current time.
          noKey("timestamp(3) NULL", "", Kind.TIMESTAMP, LocalDateTime.class),
          type("year", "", Kind.INTEGER, Integer.class),
          type("enum('red','green','blue')", "", Kind.CHOICE, String.class),
          type("set('red','green','blue')", "", Kind.CHOICE, String.class),
          type("uuid", "", Kind.UUID, String.class),
          type("inet6", "", Kind.INET, String.class),
          noKey("json", "", Kind.JSON, String.class));

  /** Types whose values the server rounds or spells in a way of its own. */
  private static final Set<String> NOT_COMPARED =
      Set.of("float", "time", "time(6)", "year", "set('red','green','blue')", "inet6");

  private MariaDbBackend(String name, Site flowSite, Site plainSite, List<Owned> owned) {
    super(name, new MySqlPlain(), flowSite, plainSite, owned);
  }

  static Backend open(String driver, @Nullable String options) throws SQLException {
    TestDatabase forFlow = TestDatabase.on(TestServers.mariaDb());
    TestDatabase forPlain = TestDatabase.on(TestServers.mariaDb());
    return new MariaDbBackend(
        driver.equals("mariadb") ? "mariadb" : "mariadb-by-r2dbc-mysql",
        site(forFlow, driver, options),
        site(forPlain, driver, options),
        List.of(forFlow::close, forPlain::close));
  }

  private static Site site(TestDatabase database, String driver, @Nullable String options) {
    return new R2dbcSite(
        ConnectionFactories.get(database.server().r2dbcUrl(driver, options)),
        List.of(
            "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')",
            "SET SESSION time_zone = '+00:00'"));
  }

  @Override
  public List<ColumnType> types() {
    return TYPES;
  }

  @Override
  public ColumnType markType() {
    return type("int", "", Kind.INTEGER, Integer.class);
  }

  @Override
  public String keyClause(SplittableRandom random) {
    return random.nextBoolean() ? "PRIMARY KEY" : "UNIQUE KEY " + MySqlPlain.KEY_NAME;
  }

  @Override
  public @Nullable Extra extra(Feature feature, List<Column> columns, SplittableRandom random) {
    Extra own = MariaDbExtras.of(feature, columns, random);
    return own != null ? own : Extras.of(feature, columns, markType(), random);
  }

  @Override
  public List<String> generated() {
    return List.of(
        "int GENERATED ALWAYS AS (n * 2) STORED",
        "int GENERATED ALWAYS AS (n * 2) VIRTUAL",
        "bigint AUTO_INCREMENT UNIQUE");
  }

  @Override
  public List<ColumnType> generatedKeys() {
    return List.of(
        ColumnType.generated("bigint AUTO_INCREMENT", ""),
        ColumnType.generated("int unsigned AUTO_INCREMENT", ""),
        ColumnType.generated("double AUTO_INCREMENT", ""));
  }

  @Override
  public boolean comparesKeys(ColumnType type) {
    return !NOT_COMPARED.contains(type.sql());
  }

  @Override
  public boolean hasPartialKeys() {
    return false;
  }
}
