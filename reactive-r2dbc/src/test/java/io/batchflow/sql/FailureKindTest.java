package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every failure is provoked in the real database. */
@Tag("server")
class FailureKindTest {

  private static final Schema ACCOUNTS =
      Schema.table("accounts").columns("id", "owner", "balance", "parent").build();

  private static final String DDL =
      "CREATE TABLE accounts (id BIGINT PRIMARY KEY, owner VARCHAR(10) NOT NULL,"
          + " balance BIGINT CHECK (balance >= 0), parent BIGINT REFERENCES accounts,"
          + " CHECK (LENGTH(owner) <= 10))";

  private final Path directory;

  FailureKindTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Row account(long id) {
    return account(ACCOUNTS, id);
  }

  private static Row account(Schema schema, long id) {
    return schema.row().set("id", id).set("owner", "me").set("balance", 1);
  }

  /** A bad row and the reason. */
  private enum Bad {
    DUPLICATE_KEY,
    NULL_WHERE_THERE_MUST_BE_NONE,
    MISSING_WHERE_THERE_IS_NO_DEFAULT,
    CHECK_VIOLATED,
    TOO_LONG,
    NO_SUCH_PARENT,
    UNSUPPORTED_TYPE;

    Row row(Schema schema) {
      return switch (this) {
        case DUPLICATE_KEY -> account(schema, 0);
        case NULL_WHERE_THERE_MUST_BE_NONE -> account(schema, 50_000).set("owner", null);
        case MISSING_WHERE_THERE_IS_NO_DEFAULT -> schema.row().set("id", 50_000).set("balance", 1);
        case CHECK_VIOLATED -> account(schema, 50_000).set("balance", -1);
        case TOO_LONG -> account(schema, 50_000).set("owner", "longer than ten");
        case NO_SUCH_PARENT -> account(schema, 50_000).set("parent", -77);
        case UNSUPPORTED_TYPE -> account(schema, 50_000).set("owner", new Thread("of no column"));
      };
    }

    FailureKind kind() {
      return this == UNSUPPORTED_TYPE ? FailureKind.INVALID : FailureKind.DATA;
    }
  }

  static Stream<Arguments> badRows() {
    return Backend.kinds()
        .flatMap(kind -> Stream.of(Bad.values()).map(bad -> Arguments.of(kind, bad)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("badRows")
  void aBadRowIsADataFailureAndLeavesNothingOfItsBatchBehind(Backend.Kind kind, Bad bad) {
    try (Backend backend = open(kind)) {
      backend.write(account(0));
      List<Row> batch = new ArrayList<>();
      // Enough rows for several statements. The bad row is one of the last.
      for (long id = 1; id <= 30_000; id++) {
        batch.add(id == 29_990 ? bad.row(ACCOUNTS) : account(id));
      }

      assertThat(backend.kindOf(batch.toArray(Row[]::new))).isEqualTo(bad.kind());
      assertThat(backend.read("SELECT id FROM accounts")).containsExactly(List.of(0L));

      backend.write(account(1));
      assertThat(backend.read("SELECT COUNT(*) FROM accounts")).containsExactly(List.of(2L));
    }
  }

  static Stream<Arguments> badRowsThatAreNoConflicts() {
    return badRows()
        .filter(arguments -> arguments.get()[1] != Bad.DUPLICATE_KEY)
        .flatMap(
            arguments ->
                Stream.of(Schema.table("accounts"), Schema.table("accounts").conflictKey("id"))
                    .map(
                        schema ->
                            schema
                                .columns(ACCOUNTS.columns())
                                .onConflict(ConflictStrategy.IGNORE)
                                .build())
                    .map(schema -> Arguments.of(arguments.get()[0], arguments.get()[1], schema)));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("badRowsThatAreNoConflicts")
  void ignoreHidesConflictsAndNothingElse(Backend.Kind kind, Bad bad, Schema schema) {
    try (Backend backend = open(kind)) {
      assertThat(backend.kindOf(account(schema, 1), bad.row(schema))).isEqualTo(bad.kind());
      assertThat(backend.read("SELECT id FROM accounts")).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aTypeThatCannotBeStoredIsNamedAndItsValueIsNot(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      assertThat(backend.failureOf(Bad.UNSUPPORTED_TYPE.row(ACCOUNTS)))
          .isInstanceOf(SqlWriteException.class)
          .hasMessageContaining("Table 'accounts'")
          .hasMessageContaining("column 'owner'")
          .hasMessageContaining("java.lang.Thread")
          .message()
          .doesNotContain("of no column");
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void tracesKnowABackendAndItsFailuresByTheirOwnNames(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      backend.write(account(0));
      String code = backend.writer().statusCode(backend.failureOf(account(0)));

      assertThat(backend.writer().system() + " " + code)
          .isEqualTo(
              switch (kind) {
                case H2_MEMORY, H2_FILE, H2_JDBC -> "h2database 23505";
                case POSTGRES, POSTGRES_JDBC -> "postgresql 23505";
                case MARIADB, MARIADB_JDBC, MYSQL_BY_MARIADB -> "mariadb 1062";
                case MARIADB_BY_MYSQL, MYSQL -> "mysql 1062";
                case SQLITE_MEMORY, SQLITE_FILE -> "sqlite 19";
              });
      assertThat(backend.writer().statusCode(backend.failureOf(Bad.UNSUPPORTED_TYPE.row(ACCOUNTS))))
          .isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aRowThatSetsNoColumnIsInvalid(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      assertThat(backend.kindOf(ACCOUNTS.row())).isEqualTo(FailureKind.INVALID);
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aTableDroppedBehindTheWritersBackIsUnusable(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      backend.write(account(1));
      backend.run("DROP TABLE accounts");
      assertThat(backend.kindOf(account(2))).isEqualTo(FailureKind.UNUSABLE);
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aColumnDroppedBehindTheWritersBackIsUnusable(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE accounts (id BIGINT, owner BIGINT, balance BIGINT, parent BIGINT)");
      backend.write(ACCOUNTS.row().set("parent", 1));
      backend.run("ALTER TABLE accounts DROP COLUMN parent");
      assertThat(backend.kindOf(ACCOUNTS.row().set("parent", 2))).isEqualTo(FailureKind.UNUSABLE);
    }
  }

  private Backend open(Backend.Kind kind) {
    Backend backend = kind.open(directory);
    backend.run(DDL);
    return backend;
  }
}
