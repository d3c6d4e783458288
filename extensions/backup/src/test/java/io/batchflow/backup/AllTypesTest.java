package io.batchflow.backup;

import static io.batchflow.backup.BackupScene.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.backup.BackupScene.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Values of all types, at their bounds and random ones, are restored as the database had them. The
 * database compares the two tables itself, by operators that know each type.
 */
@Tag("server")
class AllTypesTest {

  @TempDir Path directory;

  private static Map<String, List<String>> postgres() {
    Map<String, List<String>> types = new LinkedHashMap<>();
    types.put("smallint", List.of("-32768", "32767"));
    types.put("integer", List.of("-2147483648", "2147483647"));
    types.put("bigint", List.of("-9223372036854775808", "9223372036854775807"));
    types.put("numeric", List.of("'NaN'", "'Infinity'", "1e-1000", "12345678901234567890.10"));
    types.put("numeric(9,3)", List.of("-999999.999", "0.000"));
    types.put("real", List.of("'NaN'", "'-Infinity'", "0.1", "1.17549435e-38", "'-0'"));
    types.put("double precision", List.of("'NaN'", "0.1", "4.9e-324", "1.7976931348623157e308"));
    types.put("money", List.of("'-12345.67'", "92233720368547758.07"));
    types.put("boolean", List.of("true", "false"));
    types.put("text", List.of("''", "E'a\\nb\\t\\\\\"é\\U0001F600'", "'null'", "'{}'"));
    types.put("varchar(20)", List.of("'  x  '"));
    types.put("char(5)", List.of("'a'", "''"));
    types.put("\"char\"", List.of("'x'"));
    types.put("name", List.of("'n'"));
    types.put("bytea", List.of("''", "'\\x00ff5c27'"));
    types.put("date", List.of("'infinity'", "'4713-01-01 BC'", "'2026-11-28'", "'5874897-12-31'"));
    types.put("time", List.of("'24:00:00'", "'23:59:59.999999'"));
    types.put("timetz", List.of("'12:00:00.5+15:59'", "'00:00:00-15'"));
    types.put(
        "timestamp", List.of("'-infinity'", "'4713-01-01 BC'", "'294276-12-31 23:59:59.999999'"));
    types.put(
        "timestamptz", List.of("'infinity'", "'2026-10-25 02:30:00.000001+01'", "'0001-01-01 BC'"));
    types.put("interval", List.of("'-1 mon +3 days -04:05:06.000007'", "'178000000 years'"));
    types.put("uuid", List.of("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"));
    types.put("inet", List.of("'192.168.0.1/24'", "'::ffff:1.2.3.4/128'"));
    types.put("cidr", List.of("'10.0.0.0/8'"));
    types.put("macaddr", List.of("'08:00:2b:01:02:03'"));
    types.put("macaddr8", List.of("'08:00:2b:01:02:03:04:05'"));
    types.put("bit(3)", List.of("B'101'"));
    types.put("varbit", List.of("B''", "B'0000000001'"));
    types.put("json", List.of("'{\"a\" :  1, \"a\":2}'", "'null'", "'\"x\"'"));
    types.put("jsonb", List.of("'{\"a\":[1,null,\"\\\\\"]}'", "'null'"));
    types.put("xml", List.of("'<a b=\"c\">&lt;</a>'"));
    types.put("point", List.of("'(0.1,-2)'"));
    types.put("line", List.of("'{1,2,3}'"));
    types.put("lseg", List.of("'[(0,0),(1,1)]'"));
    types.put("box", List.of("'(2,2),(1,1)'"));
    types.put("path", List.of("'[(0,0),(1,1)]'", "'((0,0),(1,1))'"));
    types.put("polygon", List.of("'((0,0),(1,1),(2,0))'"));
    types.put("circle", List.of("'<(0,0),1.5>'"));
    types.put("tsvector", List.of("'a:1A fat:2'"));
    types.put("tsquery", List.of("'fat & !rat'"));
    types.put("int4range", List.of("'[1,5)'", "'empty'", "'(,)'"));
    types.put("tstzrange", List.of("'[2026-01-01 00:00+00,)'"));
    types.put("integer[]", List.of("'{1,NULL,3}'", "'{}'", "'[0:1]={7,8}'", "'{{1,2},{3,4}}'"));
    types.put("text[]", List.of("ARRAY['a,b', 'NULL', NULL, '\"', '\\', '']"));
    types.put("bytea[]", List.of("ARRAY['\\x00ff'::bytea]"));
    types.put("oid", List.of("4294967295"));
    types.put("pg_lsn", List.of("'16/B374D848'"));
    types.put("mood", List.of("'happy'", "'so ''so'''"));
    types.put("pair", List.of("ROW(1, 'a,\"b')::pair", "ROW(NULL, '')::pair"));
    types.put("positive", List.of("1"));
    return types;
  }

  private static Map<String, List<String>> mariaDb() {
    Map<String, List<String>> types = new LinkedHashMap<>();
    types.put("TINYINT", List.of("-128", "127"));
    types.put("SMALLINT UNSIGNED", List.of("0", "65535"));
    types.put("MEDIUMINT", List.of("-8388608", "8388607"));
    types.put("INT(5) ZEROFILL", List.of("7", "4294967295"));
    types.put("BIGINT", List.of("-9223372036854775808"));
    types.put("BIGINT UNSIGNED", List.of("18446744073709551615"));
    types.put(
        "DECIMAL(65,30)",
        List.of("-12345678901234567890123456789012345.123456789012345678901234567890"));
    types.put("FLOAT", List.of("0.1", "16777217", "1.17549435e-38", "-3.4e38"));
    types.put("DOUBLE", List.of("0.1", "4.9e-300", "1.7976931348623157e308", "123456789012345678"));
    types.put("BIT(1)", List.of("b'1'", "b'0'"));
    types.put(
        "BIT(64)", List.of("b'1000000000000000000000000000000000000000000000000000000000000001'"));
    types.put("BOOLEAN", List.of("TRUE", "FALSE"));
    types.put("CHAR(5)", List.of("'a'", "''"));
    types.put("VARCHAR(50)", List.of("'  x  '", "'é\\n\\\\\"😀'", "'\\0'"));
    types.put("VARCHAR(20) CHARACTER SET latin1", List.of("'é'"));
    types.put("TEXT", List.of("''", "'null'"));
    types.put("LONGTEXT", List.of("REPEAT('é', 100000)"));
    types.put("BINARY(4)", List.of("x'00ff'", "x'20202020'"));
    types.put("VARBINARY(10)", List.of("''", "x'00ff5c27'"));
    types.put("BLOB", List.of("x'c328'"));
    types.put("LONGBLOB", List.of("REPEAT(x'00ff', 100000)"));
    types.put("DATE", List.of("'0000-00-00'", "'9999-12-31'", "'2026-02-00'"));
    types.put("TIME(6)", List.of("'-838:59:59.999999'", "'23:59:59.000001'"));
    types.put("DATETIME(6)", List.of("'0000-00-00'", "'9999-12-31 23:59:59.999999'"));
    types.put("DATETIME", List.of("'2026-11-28 10:00:00'"));
    types.put("TIMESTAMP(6) NULL", List.of("'2026-10-25 02:30:00.000001'", "'0000-00-00'"));
    types.put("YEAR", List.of("1901", "2155", "0"));
    types.put("ENUM('a','b,c','')", List.of("'b,c'", "''"));
    types.put("SET('x','y')", List.of("'x,y'", "''"));
    types.put("JSON", List.of("'{\"a\" :  1}'", "'null'"));
    types.put("UUID", List.of("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"));
    types.put("INET6", List.of("'::1'"));
    types.put("POINT", List.of("ST_PointFromText('POINT(1 0.1)', 4326)"));
    types.put("GEOMETRY", List.of("ST_GeomFromText('POLYGON((0 0,1 1,2 0,0 0))')"));
    return types;
  }

  private static Map<String, List<String>> h2() {
    Map<String, List<String>> types = new LinkedHashMap<>();
    types.put("TINYINT", List.of("-128"));
    types.put("SMALLINT", List.of("32767"));
    types.put("INTEGER", List.of("-2147483648"));
    types.put("BIGINT", List.of("-9223372036854775808"));
    types.put("NUMERIC(50,20)", List.of("-123456789012345678901234567890.12345678901234567890"));
    types.put("DECFLOAT(30)", List.of("1E-100", "'NaN'", "'Infinity'"));
    types.put("REAL", List.of("0.1", "'NaN'", "'-Infinity'"));
    types.put("DOUBLE PRECISION", List.of("0.1", "4.9E-324", "'NaN'"));
    types.put("BOOLEAN", List.of("TRUE", "FALSE"));
    types.put("CHAR(5)", List.of("'a'", "''"));
    types.put("VARCHAR(50)", List.of("'  x  '", "U&'\\00e9\\000a\\005c\\0022'"));
    types.put("VARCHAR_IGNORECASE(10)", List.of("'aA'"));
    types.put("CLOB", List.of("''", "REPEAT('é', 100000)"));
    types.put("BINARY(4)", List.of("X'00ff0000'"));
    types.put("VARBINARY(10)", List.of("X''", "X'00ff5c27'"));
    types.put("BLOB", List.of("X'c328'", "X''"));
    types.put("DATE", List.of("DATE '-1000-01-01'", "DATE '2026-11-28'"));
    types.put("TIME(9)", List.of("TIME '23:59:59.999999999'"));
    types.put("TIME(6) WITH TIME ZONE", List.of("TIME WITH TIME ZONE '10:00:00.5+18:00'"));
    types.put("TIMESTAMP(9)", List.of("TIMESTAMP '2026-11-28 10:00:00.123456789'"));
    types.put(
        "TIMESTAMP(6) WITH TIME ZONE",
        List.of("TIMESTAMP WITH TIME ZONE '2026-10-25 02:30:00.000001+01:30'"));
    types.put("INTERVAL DAY TO SECOND(6)", List.of("INTERVAL '-3 04:05:06.000007' DAY TO SECOND"));
    types.put("INTERVAL YEAR TO MONTH", List.of("INTERVAL '2-11' YEAR TO MONTH"));
    types.put("INTERVAL HOUR", List.of("INTERVAL '5' HOUR"));
    types.put("UUID", List.of("UUID 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"));
    types.put(
        "JSON", List.of("JSON '{\"a\": [1, null, \"\\\\\"]}'", "JSON 'null'", "JSON '\"x\"'"));
    types.put("ENUM('a', 'b,c')", List.of("'b,c'"));
    return types;
  }

  private static Map<String, List<String>> typesOf(Kind kind) {
    return switch (kind) {
      case POSTGRES -> postgres();
      case H2 -> h2();
      default -> mariaDb();
    };
  }

  private static void prepare(BackupScene scene, Kind kind) {
    if (kind == Kind.POSTGRES) {
      scene.run("CREATE TYPE mood AS ENUM ('sad', 'happy', 'so ''so''')");
      scene.run("CREATE TYPE pair AS (a int, b text)");
      scene.run("CREATE DOMAIN positive AS int CHECK (VALUE > 0)");
    }
  }

  private static String create(String table, List<String> types) {
    StringBuilder sql = new StringBuilder("CREATE TABLE " + table + " (id BIGINT NOT NULL");
    for (int i = 0; i < types.size(); i++) {
      sql.append(", c").append(i).append(' ').append(types.get(i));
    }
    return sql + ", PRIMARY KEY (id))";
  }

  /** A row with one value in each column, or null. */
  private static void insert(BackupScene scene, List<List<String>> columns) {
    Random random = new Random(7);
    int bounds = columns.stream().mapToInt(List::size).max().orElseThrow();
    for (int row = 0; row < bounds + 20; row++) {
      List<String> values = new ArrayList<>(List.of(Integer.toString(row)));
      for (List<String> literals : columns) {
        values.add(
            row < literals.size()
                ? literals.get(row)
                : random.nextInt(3) == 0 ? "NULL" : literals.get(random.nextInt(literals.size())));
      }
      scene.run("INSERT INTO originals VALUES (" + String.join(", ", values) + ")");
    }
  }

  private static List<String> differences(BackupScene scene, Kind kind, int columns) {
    StringBuilder where = new StringBuilder();
    for (int i = 0; i < columns; i++) {
      String same =
          switch (kind) {
            case POSTGRES -> "o.c%1$d::text IS NOT DISTINCT FROM r.c%1$d::text";
            case H2 -> "o.c%1$d IS NOT DISTINCT FROM r.c%1$d";
            default ->
                "CAST(o.c%1$d AS BINARY) <=> CAST(r.c%1$d AS BINARY) AND o.c%1$d <=> r.c%1$d";
          };
      where.append(where.isEmpty() ? "" : " AND ").append(same.formatted(i));
    }
    return scene.texts(
        "SELECT o.id FROM originals o LEFT JOIN restored r ON r.id = o.id WHERE r.id IS NULL OR NOT ("
            + where
            + ")");
  }

  @ParameterizedTest
  @EnumSource
  void valuesOfAllTypesAreRestored(Kind kind) throws Exception {
    try (BackupScene scene = new BackupScene(kind)) {
      prepare(scene, kind);
      Map<String, List<String>> types = typesOf(kind);
      List<String> names = List.copyOf(types.keySet());
      scene.run(create("originals", names));
      scene.run(create("restored", names));
      if (kind == Kind.MARIADB || kind == Kind.MARIADB_BY_MYSQL) {
        scene.run("SET GLOBAL sql_mode = ''");
      }
      try {
        insert(scene, List.copyOf(types.values()));
      } finally {
        if (kind == Kind.MARIADB || kind == Kind.MARIADB_BY_MYSQL) {
          scene.run("SET GLOBAL sql_mode = DEFAULT");
        }
      }
      TableBackup backup = TableBackup.builder(scene.factory()).partRows(7).build();

      get(backup.write("originals", directory));
      get(backup.restore(directory, "restored"));

      assertThat(differences(scene, kind, names.size())).isEmpty();
    }
  }
}
