package io.batchflow.benchmarks.differential;

import static io.batchflow.benchmarks.differential.ColumnType.type;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;

/** SQLite over sqlite-jdbc. */
final class SqliteBackend extends BaseBackend {

  private static final List<ColumnType> TYPES =
      List.of(
          type("INTEGER", "", Kind.INTEGER, Long.class),
          type("INT", "", Kind.INTEGER, Integer.class),
          type("TEXT", "", Kind.TEXT, String.class),
          type("VARCHAR(5)", "", Kind.TEXT, String.class),
          type("TEXT COLLATE NOCASE", "", Kind.TEXT, String.class),
          type("TEXT COLLATE RTRIM", "", Kind.TEXT, String.class),
          type("REAL", "", Kind.FLOATING, Double.class),
          type("NUMERIC", "", Kind.DECIMAL, BigDecimal.class),
          type("DECIMAL(10,5)", "", Kind.DECIMAL, BigDecimal.class),
          type("BLOB", "", Kind.BINARY, byte[].class),
          type("", "", Kind.TEXT, String.class),
          type("BOOLEAN", "", Kind.BOOLEAN, Boolean.class),
          type("DATE", "", Kind.DATE, Void.class),
          type("TIMESTAMP", "", Kind.MOMENT, Void.class));

  private SqliteBackend(Site flowSite, Site plainSite, List<Owned> owned) {
    super("sqlite", new SqlitePlain(), flowSite, plainSite, owned);
  }

  static Backend open() throws IOException, SQLException {
    Path file = Files.createTempFile("differential", ".db");
    Site forPlain = site("jdbc:sqlite::memory:");
    return new SqliteBackend(
        site("jdbc:sqlite:" + file), forPlain, List.of(() -> Files.deleteIfExists(file)));
  }

  private static Site site(String url) throws SQLException {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl(url);
    source.setEnforceForeignKeys(true);
    return new JdbcSite(source, List.of("PRAGMA synchronous = OFF"));
  }

  @Override
  public List<ColumnType> types() {
    return TYPES;
  }

  @Override
  public ColumnType markType() {
    return type("INTEGER", "", Kind.INTEGER, Integer.class);
  }

  @Override
  public String keyClause(SplittableRandom random) {
    return random.nextBoolean() ? "PRIMARY KEY" : "UNIQUE";
  }

  @Override
  public @Nullable Extra extra(Feature feature, List<Column> columns, SplittableRandom random) {
    Extra trigger = SqliteTriggers.of(feature, columns, random);
    return trigger != null ? trigger : Extras.of(feature, columns, markType(), random);
  }

  @Override
  public List<String> generated() {
    return List.of(
        "INTEGER GENERATED ALWAYS AS (n * 2) STORED",
        "INTEGER GENERATED ALWAYS AS (n * 2) VIRTUAL");
  }

  /** As the only column of a primary key, it is the row id. */
  @Override
  public List<ColumnType> generatedKeys() {
    return List.of(ColumnType.generated("INTEGER", ""));
  }

  @Override
  public boolean hasPartialKeys() {
    return true;
  }
}
