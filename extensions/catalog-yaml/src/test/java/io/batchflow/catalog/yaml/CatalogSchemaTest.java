package io.batchflow.catalog.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.catalog.SettingInfo;
import io.batchflow.catalog.TableSettings;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schema in docs is that of the present settings. To write it anew, set the system
 * property {@code schema.write}.
 */
class CatalogSchemaTest {

  private static final Path FILE = Path.of("..", "..", "docs", "catalog.schema.json");
  private static final String VARIABLE = "\\$\\{[^}]*}";
  private static final JsonMapper JSON = JsonMapper.shared();

  @Test
  void theSchemaInDocsIsCurrent() throws IOException {
    String schema =
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(schema()).replace("\r", "") + "\n";
    if (Boolean.getBoolean("schema.write")) {
      Files.writeString(FILE, schema);
    }

    assertThat(Files.readString(FILE)).isEqualTo(schema);
  }

  private static ObjectNode schema() {
    ObjectNode schema = JSON.createObjectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "The tables of a BatchFlow catalog");
    object(schema);
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("defaults").put("$ref", "#/$defs/table");
    ObjectNode tables = properties.putObject("tables");
    tables.put("type", "object");
    tables.putObject("propertyNames").put("pattern", "^[a-zA-Z][a-zA-Z0-9_]{0,63}$");
    tables.putObject("additionalProperties").put("$ref", "#/$defs/table");
    ObjectNode table = schema.putObject("$defs").putObject("table");
    object(table);
    table.set(
        "type", JSON.valueToTree(new String[] {"object", "null"})); // a table without settings
    ObjectNode settings = table.putObject("properties");
    TableSettings.known().forEach(setting -> describe(settings.putObject(setting.key()), setting));
    ObjectNode free = settings.putObject("properties");
    free.put("type", "object").put("description", "Free texts, such as owner and description.");
    free.putObject("propertyNames").put("pattern", "^[a-zA-Z0-9_.-]{1,64}$");
    free.put("maxProperties", 32);
    free.putObject("additionalProperties")
        .set("type", JSON.valueToTree(new String[] {"string", "number", "boolean"}));
    return schema;
  }

  private static void object(ObjectNode node) {
    node.put("type", "object").put("additionalProperties", false);
  }

  private static void describe(ObjectNode node, SettingInfo setting) {
    node.put("description", setting.description() + " Accepts " + setting.accepted() + ".");
    var either = node.putArray("anyOf");
    ObjectNode value = either.addObject();
    switch (setting.kind()) {
      case NUMBER ->
          value
              .put("type", "integer")
              .put("minimum", setting.least())
              .put("maximum", setting.most());
      case FRACTION ->
          value
              .put("type", "number")
              .put("exclusiveMinimum", setting.least())
              .put("maximum", setting.most());
      case FLAG -> value.put("type", "boolean");
      case TIME -> value.put("type", "string").put("pattern", "^(\\d{1,12}(ms|s|m|h|d)|[Pp].+)$");
      case CHOICE -> value.put("type", "string").set("enum", JSON.valueToTree(setting.choices()));
    }
    either.addObject().put("type", "string").put("pattern", VARIABLE);
  }

  /** A file that a person has written with the help of an editor. */
  @Test
  void eachSettingIsInTheSchema() throws IOException {
    var settings = JSON.readTree(Files.readString(FILE)).at("/$defs/table/properties");

    assertThat(settings.propertyNames())
        .containsAll(TableSettings.known().stream().map(SettingInfo::key).toList());
    assertThat(settings.at("/share/anyOf/0/maximum").decimalValue()).isEqualTo(BigDecimal.ONE);
  }
}
