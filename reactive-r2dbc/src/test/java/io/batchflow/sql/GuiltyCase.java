package io.batchflow.sql;

import io.batchflow.ConflictStrategy;
import java.util.List;
import java.util.stream.Stream;

/**
 * A table that rejects some value.
 *
 * @param bad the value of the bad rows
 * @param good the value of the other rows
 */
record GuiltyCase(Backend.Kind kind, String what, Object bad, Object good, List<String> setUp) {

  static final String TABLE = "CREATE TABLE guilty (id BIGINT PRIMARY KEY, v VARCHAR(60))";

  static GuiltyCase of(Backend.Kind kind, String what, Object bad, Object good, String... setUp) {
    return new GuiltyCase(kind, what, bad, good, List.of(setUp));
  }

  /** All strategies, or one of them for each of the many codes. */
  List<ConflictStrategy> strategies() {
    ConflictStrategy[] all = ConflictStrategy.values();
    return what.matches("(RAISE|SIGNAL|SQLException) .*")
        ? List.of(all[Math.floorMod(what.hashCode(), all.length)])
        : List.of(all);
  }

  @Override
  public String toString() {
    return kind + " " + what;
  }

  /** Codes of broken statements, lost sessions, full disks and lost races, and invalid codes. */
  private static Stream<GuiltyCase> postgres(Backend.Kind kind) {
    Stream<GuiltyCase> raised =
        Stream.of(
                "42501 42601 42P01 42703 42883 22P02 P0001 P0002 23514 0A000 25006 28000 3D000",
                "08000 08006 40001 40P01 40003 53100 53200 53300 55P03 57014 57P01 57P03 58030 XX000",
                "99999 ZZ999 HV000 F0000 72000 25P02 26000 34000 01000 2F003")
            .flatMap(codes -> Stream.of(codes.split(" ", -1)))
            .map(
                code ->
                    GuiltyCase.of(
                        kind,
                        "RAISE " + code,
                        code,
                        "good",
                        TABLE,
                        "CREATE FUNCTION reject() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                            + " IF NEW.v <> 'good' THEN RAISE EXCEPTION USING ERRCODE = NEW.v;"
                            + " END IF; RETURN NEW; END $$",
                        "CREATE TRIGGER t BEFORE INSERT ON guilty FOR EACH ROW"
                            + " EXECUTE FUNCTION reject()"));
    Stream<GuiltyCase> own =
        Stream.of(
            GuiltyCase.of(
                kind,
                "tsquery",
                "a b",
                "a",
                "CREATE TABLE guilty (id BIGINT PRIMARY KEY, v tsquery)"),
            GuiltyCase.of(
                kind,
                "regclass",
                "no_such_table",
                "pg_class",
                "CREATE TABLE guilty (id BIGINT PRIMARY KEY, v regclass)"),
            GuiltyCase.of(
                kind,
                "jsonpath",
                "$.",
                "$.a",
                "CREATE TABLE guilty (id BIGINT PRIMARY KEY, v jsonpath)"),
            GuiltyCase.of(
                kind,
                "check option",
                "bad",
                "good",
                "CREATE TABLE hidden (id BIGINT PRIMARY KEY, v text)",
                "CREATE VIEW guilty AS SELECT * FROM hidden WHERE v <> 'bad' WITH CHECK OPTION"),
            GuiltyCase.of(
                kind,
                "no such function in a trigger",
                "bad",
                "good",
                TABLE,
                "CREATE FUNCTION reject() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " IF NEW.v = 'bad' THEN PERFORM no_such_function(); END IF;"
                    + " RETURN NEW; END $$",
                "CREATE TRIGGER t BEFORE INSERT ON guilty FOR EACH ROW EXECUTE FUNCTION reject()"),
            GuiltyCase.of(
                kind,
                "statement timeout",
                "bad",
                "good",
                TABLE,
                "CREATE FUNCTION reject() RETURNS trigger LANGUAGE plpgsql"
                    + " SET statement_timeout = '50ms' AS $$ BEGIN"
                    + " IF NEW.v = 'bad' THEN"
                    + " PERFORM pg_cancel_backend(pg_backend_pid()); PERFORM pg_sleep(1);"
                    + " END IF; RETURN NEW; END $$",
                "CREATE TRIGGER t BEFORE INSERT ON guilty FOR EACH ROW EXECUTE FUNCTION reject()"));
    return Stream.concat(raised, own);
  }

  private static Stream<GuiltyCase> mariaDb(Backend.Kind kind) {
    Stream<GuiltyCase> signalled =
        Stream.of(
                "30001 1146 1172 1242 1339 1369 1442 1118 1054 1064 1142 1143 1045 1044 1305",
                "1205 1213 1317 1969 3024 1053 1927 2006 2013 1152 1158 1644 65535",
                "1021 1040 1047 1114 1203 1226 1290 1412 1461 1637 1792 1836 3100")
            .flatMap(codes -> Stream.of(codes.split(" ", -1)))
            .map(
                code ->
                    GuiltyCase.of(
                        kind,
                        "SIGNAL " + code,
                        code,
                        "good",
                        TABLE,
                        "CREATE TRIGGER t BEFORE INSERT ON guilty FOR EACH ROW BEGIN"
                            + " DECLARE n INT; IF NEW.v <> 'good' THEN SET n = NEW.v;"
                            + " SIGNAL SQLSTATE '99999'"
                            + " SET MYSQL_ERRNO = n, MESSAGE_TEXT = 'no'; END IF; END"));
    Stream<GuiltyCase> own =
        Stream.of(
            GuiltyCase.of(
                kind,
                "SIGNAL 08S01",
                "bad",
                "good",
                TABLE,
                "CREATE TRIGGER t BEFORE INSERT ON guilty FOR EACH ROW BEGIN IF NEW.v = 'bad' THEN"
                    + " SIGNAL SQLSTATE '08S01' SET MYSQL_ERRNO = 30002; END IF; END"),
            GuiltyCase.of(
                kind,
                "check option",
                "bad",
                "good",
                "CREATE TABLE hidden (id BIGINT PRIMARY KEY, v VARCHAR(60))",
                "CREATE VIEW guilty AS SELECT * FROM hidden WHERE v <> 'bad' WITH CHECK OPTION"),
            GuiltyCase.of(
                kind,
                "no such table in a trigger",
                "bad",
                "good",
                TABLE,
                "CREATE TRIGGER t BEFORE INSERT ON guilty FOR EACH ROW BEGIN"
                    + " IF NEW.v = 'bad' THEN INSERT INTO nowhere VALUES (1); END IF; END"),
            GuiltyCase.of(
                kind,
                "more than one row in a trigger",
                "bad",
                "good",
                TABLE,
                "CREATE TABLE two AS SELECT 1 AS n UNION SELECT 2",
                "CREATE TRIGGER t BEFORE INSERT ON guilty FOR EACH ROW BEGIN"
                    + " IF NEW.v = 'bad' THEN SET NEW.v = (SELECT n FROM two); END IF; END"));
    return Stream.concat(signalled, own);
  }

  private static Stream<GuiltyCase> sqlite() {
    String trigger = "CREATE TRIGGER t BEFORE INSERT ON guilty WHEN NEW.v = 'bad' BEGIN ";
    return Stream.of(
        GuiltyCase.of(
            Backend.Kind.SQLITE_FILE,
            "malformed JSON in a CHECK",
            "{",
            "{}",
            "CREATE TABLE guilty (id INTEGER PRIMARY KEY, v TEXT CHECK (json_type(v) = 'object'))"),
        GuiltyCase.of(
            Backend.Kind.SQLITE_FILE,
            "RAISE(ABORT)",
            "bad",
            "good",
            TABLE,
            trigger + "SELECT RAISE(ABORT, 'no'); END"),
        GuiltyCase.of(
            Backend.Kind.SQLITE_FILE,
            "RAISE(FAIL)",
            "bad",
            "good",
            TABLE,
            trigger + "SELECT RAISE(FAIL, 'no'); END"),
        GuiltyCase.of(
            Backend.Kind.SQLITE_FILE,
            "RAISE(ROLLBACK)",
            "bad",
            "good",
            TABLE,
            trigger + "SELECT RAISE(ROLLBACK, 'no'); END"),
        GuiltyCase.of(
            Backend.Kind.SQLITE_FILE,
            "an overflow in a trigger",
            "bad",
            "good",
            TABLE,
            trigger + "SELECT abs(-9223372036854775808); END"),
        GuiltyCase.of(
            Backend.Kind.SQLITE_FILE,
            "JSON in a generated column",
            "{",
            "{}",
            "CREATE TABLE guilty (id INTEGER PRIMARY KEY, v TEXT,"
                + " g GENERATED ALWAYS AS (json_extract(v, '$.a')) STORED)"));
  }

  private static Stream<GuiltyCase> h2(Backend.Kind kind) {
    return Stream.of(
            "90000/90000 42S02/42102 42000/42000 HY000/50000 08006/5 08000/90067 90028/90028",
            "40001/40001 HYT00/50200 57014/57014 28000/28000 ZZ999/7 P0001/0 22001/22001 /runtime")
        .flatMap(codes -> Stream.of(codes.split(" ", -1)))
        .map(
            code ->
                GuiltyCase.of(
                    kind,
                    "SQLException " + code,
                    code,
                    "good",
                    TABLE,
                    "CREATE TRIGGER t BEFORE INSERT ON guilty FOR EACH ROW CALL '"
                        + RaisingTrigger.class.getName()
                        + "'"));
  }

  static Stream<GuiltyCase> cases() {
    return Stream.of(
            postgres(Backend.Kind.POSTGRES),
            postgres(Backend.Kind.POSTGRES_JDBC),
            mariaDb(Backend.Kind.MARIADB),
            mariaDb(Backend.Kind.MARIADB_BY_MYSQL),
            mariaDb(Backend.Kind.MARIADB_JDBC),
            sqlite(),
            h2(Backend.Kind.H2_MEMORY),
            h2(Backend.Kind.H2_JDBC))
        .flatMap(each -> each);
  }
}
