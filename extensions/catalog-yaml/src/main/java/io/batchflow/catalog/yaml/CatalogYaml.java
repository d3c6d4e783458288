package io.batchflow.catalog.yaml;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.catalog.SettingInfo;
import io.batchflow.catalog.TableSettings;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of tables from YAML:
 *
 * <pre>{@code
 * defaults:
 *   buffer_size: 1000
 * tables:
 *   orders:
 *     buffer_size: 5000
 *     flush_interval: ${ORDERS_INTERVAL:10s}
 *     properties:
 *       owner: sales
 * }</pre>
 *
 * <p>The keys are those of {@link TableSettings#known()}, and {@code properties}. In a value,
 * {@code ${NAME}} stands for an environment variable, {@code ${NAME:10s}} has a default, and {@code
 * $${x}} is the plain text {@code ${x}}. What is unknown or invalid is refused with its path and
 * its line. A value of a variable is in no message.
 *
 * <p>Immutable and thread-safe.
 */
public final class CatalogYaml {

  private static final String DEFAULTS = "defaults";
  private static final String TABLES = "tables";
  private static final String PROPERTY = "properties.";

  private final Function<String, @Nullable String> variables;

  private CatalogYaml(Function<String, @Nullable String> variables) {
    this.variables = variables;
  }

  /** Returns a reader that knows the environment variables of this process. */
  public static CatalogYaml create() {
    return new CatalogYaml(System::getenv);
  }

  /**
   * Returns a reader that knows other variables.
   *
   * @param variables returns the value of a variable; null if there is none
   */
  public CatalogYaml withVariables(Function<String, @Nullable String> variables) {
    return new CatalogYaml(variables);
  }

  /**
   * Reads a file in UTF-8. Blocks.
   *
   * @throws IOException if it cannot be read
   * @throws InvalidConfigurationException if it is no YAML, or a key or value is refused
   */
  public CatalogFile read(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file)) {
      return read(reader, String.valueOf(file.getFileName()));
    }
  }

  /**
   * Reads a text.
   *
   * @throws InvalidConfigurationException if it is no YAML, or a key or value is refused
   */
  public CatalogFile read(String text) {
    return read(new StringReader(text), "the text");
  }

  private CatalogFile read(Reader reader, String source) {
    TableSettings defaults = TableSettings.none();
    Map<String, TableSettings> tables = new LinkedHashMap<>();
    for (Entry entry : YamlText.entries(reader, source)) {
      switch (entry.key()) {
        case DEFAULTS -> defaults = settings(entry.section());
        case TABLES -> {
          for (Entry table : entry.section().entries()) {
            tables.put(table.key(), settings(table.section()));
          }
        }
        default -> throw entry.refused("is unknown", "Give " + DEFAULTS + " or " + TABLES);
      }
    }
    return new CatalogFile(defaults, tables);
  }

  private TableSettings settings(Section table) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Entry entry : table.entries()) {
      if (entry.key().equals("properties")) {
        entry.section().entries().forEach(leaf -> add(leaf, PROPERTY + leaf.key(), texts));
      } else {
        add(entry, entry.key(), texts);
      }
    }
    try {
      return TableSettings.of(texts);
    } catch (InvalidConfigurationException together) {
      throw table.refused("cannot be fulfilled", YamlText.withoutDot(together));
    }
  }

  private void add(Entry leaf, String key, Map<String, String> texts) {
    String text = Placeholders.fill(leaf, variables);
    check(leaf, key, text);
    texts.put(key, text);
  }

  private static void check(Entry leaf, String key, String text) {
    try {
      TableSettings.of(Map.of(key, text));
    } catch (InvalidConfigurationException refused) {
      throw key.startsWith(PROPERTY)
          ? leaf.refused("is no property", YamlText.withoutDot(refused))
          : refused(leaf);
    }
  }

  private static InvalidConfigurationException refused(Entry leaf) {
    SettingInfo near = SettingInfo.nearest(leaf.key());
    return near.key().equals(leaf.key())
        ? leaf.refused("is '" + leaf.text() + "'", "Give " + near.accepted())
        : leaf.refused(
            "is unknown", "Did you mean " + near.key() + ", which is " + near.accepted() + "?");
  }
}
