package io.batchflow.catalog.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.Overflow;
import io.batchflow.catalog.MemoryCatalogStore;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogYamlTest {

  private static final CatalogYaml YAML =
      CatalogYaml.create()
          .withVariables(Map.of("INTERVAL", "3s", "SECRET", "hidden", "EMPTY", "")::get);

  @Test
  void aFileHasDefaultsAndTables() {
    CatalogFile file =
        YAML.read(
            """
            defaults: {buffer_size: 1000, retention_days: 30}
            tables:
              users:
                buffer_size: 2000
                flush_interval: 60s
              orders:
                flush_interval: ${INTERVAL}
                delivery_timeout: ${TIMEOUT:1m}
                linger_when_idle: true
                overflow: fail
                share: 0.3
                backup_enabled: false
                properties:
                  owner: sales
                  description: "price in $${currency}"
                  region: ${EMPTY}
              logs:
            """);

    assertThat(file.defaults())
        .isEqualTo(TableSettings.builder().bufferSize(1_000).retentionDays(30).build());
    assertThat(file.tables().keySet()).containsExactly("users", "orders", "logs");
    assertThat(file.tables().get("users"))
        .isEqualTo(
            TableSettings.builder().bufferSize(2_000).flushInterval(Duration.ofMinutes(1)).build());
    assertThat(file.tables().get("orders"))
        .isEqualTo(
            TableSettings.builder()
                .flushInterval(Duration.ofSeconds(3))
                .deliveryTimeout(Duration.ofMinutes(1))
                .lingerWhenIdle(true)
                .overflow(Overflow.FAIL)
                .share(0.3)
                .backupEnabled(false)
                .property("owner", "sales")
                .property("description", "price in ${currency}")
                .property("region", "")
                .build());
    assertThat(file.tables().get("logs")).isEqualTo(TableSettings.none());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing", "tables:", "defaults: {}"})
  void anEmptyFileHasNoTables(String text) {
    assertThat(YAML.read(text)).isEqualTo(new CatalogFile(TableSettings.none(), Map.of()));
  }

  @Test
  void anAnchorIsUsedAgain() {
    CatalogFile file = YAML.read("tables:\n  a: &small {buffer_size: 7}\n  b: *small\n");

    assertThat(file.tables().get("b").bufferSize()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "tables: {a: {bufer_size: 1}} | 'tables.a.bufer_size' is unknown (the text, line 1)."
            + " Did you mean buffer_size, which is a number from 1 to 2147483647?",
        "tables: {a: {buffer_size: 0}} | 'tables.a.buffer_size' is '0' (the text, line 1)."
            + " Give a number from 1 to 2147483647",
        "defaults: {backup_enabled: yes} | 'defaults.backup_enabled' is 'yes' (the text, line 1)."
            + " Give true or false",
        "tables: {a: {flush_interval: }} | 'tables.a.flush_interval' has no plain value",
        "tables: {a: {buffer_size: [1]}} | 'tables.a.buffer_size' has no plain value",
        "tables: {a: {share: 1, share: 0.5}} | 'tables.a.share' is given twice",
        "tables: {a: {}, a: {}} | 'tables.a' is given twice",
        "tables: {a: 5} | 'tables.a' has no entries",
        "tables: [a] | 'tables' has no entries",
        "- a | 'the text' has no entries",
        "? [a]\\n: b | has a key that is no text",
        "table: {} | 'table' is unknown (the text, line 1). Give defaults or tables",
        "tables: {a: {buffer_size: '${NONE}'}} | is '${NONE}', and there is no variable NONE",
        "tables: {a: {buffer_size: '${A-B}'}} | Give a variable as ${NAME}",
        "tables: {a: {buffer_size: '${SECRET}'}} | 'tables.a.buffer_size' is '${SECRET}'",
        "tables: {a: {properties: {'a b': c}}} | 'tables.a.properties.a b' is no property",
        "tables: {a: {flush_interval: 5s, delivery_timeout: 1s}} | 'tables.a' cannot be fulfilled",
        "tables: {a: [}} | 'the text' is no YAML in line 1",
        "tables: !!java.net.URL [x] | 'the text' is no YAML in line 1",
      })
  void whatIsWrongIsRefusedWithItsPathAndLine(String text, String message) {
    assertThatThrownBy(() -> YAML.read(text.replace("\\n", "\n")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("hidden");
  }

  @Test
  void theLineIsThatOfTheKey(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(directory.resolve("tables.yml"), "tables:\n  a:\n    shares: 1\n");

    assertThatThrownBy(() -> YAML.read(file))
        .hasMessageContaining(
            "(tables.yml, line 3). Did you mean share, which is a number above 0");
  }

  @Test
  void tablesAreCreatedUnlessTheyExist() {
    TableCatalog catalog = TableCatalog.builder(MemoryCatalogStore.create()).build();
    catalog.create("users", TableSettings.builder().bufferSize(9).build()).block();

    assertThat(
            YAML.read("tables: {users: {buffer_size: 2}, logs: {buffer_size: 3}}")
                .createIn(catalog)
                .map(TableInfo::settings)
                .map(TableSettings::bufferSize)
                .collectList()
                .block())
        .containsExactly(9, 3);
  }
}
