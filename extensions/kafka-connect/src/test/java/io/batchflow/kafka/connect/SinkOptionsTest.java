package io.batchflow.kafka.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.junit.jupiter.api.Test;

class SinkOptionsTest {

  private static final Map<String, String> VALID =
      Map.of("connection.url", "r2dbc:postgresql://h/d");

  private static SinkConfig with(String... options) {
    Map<String, String> given = new HashMap<>(VALID);
    for (int i = 0; i < options.length; i += 2) {
      given.put(options[i], options[i + 1]);
    }
    return new SinkConfig(given);
  }

  @Test
  void everyOptionIsOnThePageWithItsDefault() throws Exception {
    List<String> page = Files.readAllLines(Path.of("../../docs/kafka-connect.md"));

    assertThat(new BatchFlowSinkConnector().config().configKeys().values())
        .allSatisfy(
            key ->
                assertThat(page)
                    .anySatisfy(
                        line ->
                            assertThat(line)
                                .startsWith("| `" + key.name + "` |")
                                .endsWith("| " + standard(key) + " |")));
  }

  private static String standard(ConfigDef.ConfigKey key) {
    if (!key.hasDefault()) {
      return "required";
    }
    Object value = ConfigDef.convertToString(key.defaultValue, key.type);
    return value == null || value.equals("") || value.equals("[hidden]")
        ? "none"
        : "`" + value + "`";
  }

  @Test
  void everyOptionIsDocumented() {
    assertThat(new BatchFlowSinkConnector().config().configKeys().values())
        .allSatisfy(key -> assertThat(key.documentation).endsWith("."))
        .allSatisfy(key -> assertThat(key.group).isNotNull())
        .allSatisfy(key -> assertThat(key.displayName).isNotEqualTo(key.name));
  }

  @Test
  void contradictionsAreFound() {
    assertThat(with().problems()).isEmpty();
    assertThat(with("insert.mode", "upsert").problems()).containsKey("primary.key.mode");
    assertThat(with("delete.enabled", "true").problems()).containsKey("delete.enabled");
    assertThat(with("primary.key.mode", "kafka", "primary.key.fields", "topic").problems())
        .containsKey("primary.key.fields");
    assertThat(with("primary.key.mode", "record_header").problems())
        .containsKey("primary.key.fields");
  }

  @Test
  void valuesOutOfBoundsAreRefused() {
    assertThatThrownBy(() -> with("batch.size", "0")).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> with("insert.mode", "merge"))
        .hasMessageContaining("insert, upsert, update, ignore");
    assertThatThrownBy(() -> with("field.rename.list", "a")).hasMessageContaining("field:column");
  }

  @Test
  void connectFindsTheConnector() {
    assertThat(ServiceLoader.load(SinkConnector.class))
        .anyMatch(connector -> connector instanceof BatchFlowSinkConnector);
  }
}
