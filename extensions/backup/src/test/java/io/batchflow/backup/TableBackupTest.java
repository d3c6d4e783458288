package io.batchflow.backup;

import static io.batchflow.backup.BackupScene.PATIENCE;
import static io.batchflow.backup.BackupScene.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.backup.BackupScene.Kind;
import io.batchflow.catalog.MemoryCatalogStore;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables that are written and restored, also after an interruption. */
@Tag("server")
class TableBackupTest {

  private static final String CREATE =
      "CREATE TABLE %s (name VARCHAR(20) NOT NULL, id INT NOT NULL, note VARCHAR(100),"
          + " PRIMARY KEY (id, name))";

  @TempDir Path directory;

  private static void insert(BackupScene scene, int rows) {
    scene.run(
        "INSERT INTO orders VALUES "
            + IntStream.range(0, rows)
                .mapToObj(
                    i ->
                        "('n"
                            + i % 7
                            + "', "
                            + i / 7
                            + ", "
                            + (i % 5 == 0 ? "NULL" : "'note " + i + "'")
                            + ")")
                .collect(Collectors.joining(", ")));
  }

  private static List<String> rows(BackupScene scene, String table) {
    return scene.texts(
        "SELECT CONCAT(id, '|', name, '|', COALESCE(note, '-')) FROM "
            + table
            + " ORDER BY id, name");
  }

  @ParameterizedTest
  @EnumSource
  void aTableIsRestoredAsItWas(Kind kind) throws Exception {
    try (BackupScene scene = new BackupScene(kind)) {
      scene.run(CREATE.formatted("orders"));
      insert(scene, 100);
      TableBackup backup = TableBackup.builder(scene.factory()).partRows(30).build();

      BackupReport written = get(backup.write("orders", directory));
      assertThat(written).isEqualTo(new BackupReport("orders", directory, 100, 4, 0));
      assertThat(get(backup.verify(directory))).isEqualTo(written);
      scene.run(CREATE.formatted("copies"));
      BackupReport restored = get(backup.restore(directory, "copies"));

      assertThat(restored).isEqualTo(new BackupReport("copies", directory, 100, 4, 0));
      assertThat(rows(scene, "copies")).isEqualTo(rows(scene, "orders")).hasSize(100);
      assertThatThrownBy(() -> backup.restore(directory, "copies").block(PATIENCE))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("is not empty");
      assertThatThrownBy(() -> backup.write("orders", directory).block(PATIENCE))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("has a complete backup");
    }
  }

  @Test
  void aLineIsAnObjectOfTexts() throws Exception {
    try (BackupScene scene = new BackupScene(Kind.H2)) {
      scene.run(CREATE.formatted("orders"));
      scene.run("INSERT INTO orders VALUES ('a', 1, NULL), ('b', 2, 'é \"quoted\"')");

      get(TableBackup.create(scene.factory()).write("orders", directory));

      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  new GZIPInputStream(
                      Files.newInputStream(directory.resolve("part-000001.jsonl.gz"))),
                  StandardCharsets.UTF_8))) {
        assertThat(lines.lines())
            .containsExactly(
                "{\"NAME\":\"a\",\"ID\":\"1\",\"NOTE\":null}",
                "{\"NAME\":\"b\",\"ID\":\"2\",\"NOTE\":\"é \\\"quoted\\\"\"}");
      }
    }
  }

  /** As a killed process leaves it: a file without its name, and a manifest without its part. */
  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES", "MARIADB"})
  void anInterruptedBackupGoesOn(Kind kind) throws Exception {
    try (BackupScene scene = new BackupScene(kind)) {
      scene.run(CREATE.formatted("orders"));
      insert(scene, 100);
      TableBackup backup = TableBackup.builder(scene.factory()).partRows(30).build();
      get(backup.write("orders", directory));
      interruptAfter(2);

      assertThatThrownBy(() -> backup.verify(directory).block(PATIENCE))
          .hasMessageContaining("is not complete");
      BackupReport rest = get(backup.write("orders", directory));

      assertThat(rest).isEqualTo(new BackupReport("orders", directory, 100, 4, 2));
      assertThat(get(backup.verify(directory)).rows()).isEqualTo(100);
      scene.run(CREATE.formatted("copies"));
      get(backup.restore(directory, "copies"));
      assertThat(rows(scene, "copies")).isEqualTo(rows(scene, "orders"));
    }
  }

  private void interruptAfter(int parts) throws IOException {
    BackupDirectory files = new BackupDirectory(directory);
    Manifest all = files.required();
    files.write(
        new Manifest(
            all.id(),
            all.table(),
            all.database(),
            all.columns(),
            all.parts().subList(0, parts),
            false));
    Files.writeString(directory.resolve("part-000003.jsonl.gz.tmp"), "half of a file");
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES", "MARIADB"})
  void anInterruptedRestoreGoesOn(Kind kind) throws Exception {
    try (BackupScene scene = new BackupScene(kind)) {
      scene.run(CREATE.formatted("orders"));
      insert(scene, 100);
      TableBackup backup = TableBackup.builder(scene.factory()).partRows(30).build();
      get(backup.write("orders", directory));
      scene.run(CREATE.formatted("copies"));
      Path third = directory.resolve("part-000003.jsonl.gz");
      byte[] whole = Files.readAllBytes(third);
      byte[] damaged = whole.clone();
      damaged[damaged.length / 2] ^= 1;
      Files.write(third, damaged);

      assertThatThrownBy(() -> backup.verify(directory).block(PATIENCE))
          .hasMessageContaining("part-000003.jsonl.gz is damaged or missing");
      assertThatThrownBy(() -> backup.restore(directory, "copies").block(PATIENCE))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("part-000003.jsonl.gz is damaged or missing");
      assertThat(rows(scene, "copies")).hasSize(60);
      Files.write(third, whole);
      BackupReport rest = get(backup.restore(directory, "copies"));

      assertThat(rest).isEqualTo(new BackupReport("copies", directory, 100, 4, 2));
      assertThat(rows(scene, "copies")).isEqualTo(rows(scene, "orders"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES", "MARIADB"})
  void aTableThatDiffersInTheEndIsTold(Kind kind) throws Exception {
    try (BackupScene scene = new BackupScene(kind)) {
      scene.run("CREATE TABLE prices (id INT NOT NULL PRIMARY KEY, price DECIMAL(10, 2))");
      scene.run("CREATE TABLE rounded (id INT NOT NULL PRIMARY KEY, price DECIMAL(10, 1))");
      scene.run("INSERT INTO prices VALUES (1, 1.50), (2, 1.25)");
      TableBackup backup = TableBackup.create(scene.factory());
      get(backup.write("prices", directory));

      assertThatThrownBy(() -> backup.restore(directory, "rounded").block(PATIENCE))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("differs from the backup: part-000001.jsonl.gz");
    }
  }

  @Test
  void anEmptyTableAndOneWithoutAKey() throws Exception {
    try (BackupScene scene = new BackupScene(Kind.H2)) {
      scene.run(CREATE.formatted("orders"));
      scene.run("CREATE TABLE keyless (id INT NOT NULL UNIQUE)");
      TableBackup backup = TableBackup.create(scene.factory());

      assertThat(get(backup.write("orders", directory)).parts()).isZero();
      assertThat(get(backup.restore(directory, "orders")).rows()).isZero();
      assertThatThrownBy(() -> backup.write("keyless", directory.resolve("other")).block(PATIENCE))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("has no primary key");
    }
  }

  @Test
  void theTablesOfACatalogThatShallBeAreWritten() throws Exception {
    try (BackupScene scene = new BackupScene(Kind.H2)) {
      scene.run(CREATE.formatted("orders"));
      TableCatalog catalog = TableCatalog.create(MemoryCatalogStore.create());
      catalog
          .create("orders", TableSettings.builder().backupEnabled(true).build())
          .then(catalog.create("logs", TableSettings.none()))
          .block(PATIENCE);
      TableBackup backup = TableBackup.create(scene.factory());

      assertThat(backup.writeAll(catalog, directory).collectList().block(PATIENCE))
          .containsExactly(new BackupReport("orders", directory.resolve("orders"), 0, 0, 0));
      assertThat(backup.writeAll(catalog, directory).collectList().block(PATIENCE)).isEmpty();
    }
  }
}
