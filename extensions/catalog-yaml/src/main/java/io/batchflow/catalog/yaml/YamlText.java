package io.batchflow.catalog.yaml;

import io.batchflow.InvalidConfigurationException;
import java.io.Reader;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Parses texts. Makes no objects of them, whatever their tags say. */
final class YamlText {

  private YamlText() {}

  /** Returns the entries of a text; none if it is empty. */
  static List<Entry> entries(Reader reader, String source) {
    try {
      Node root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(reader);
      return root == null ? List.of() : Section.root(source, root).entries();
    } catch (MarkedYAMLException broken) {
      int line = broken.getProblemMark() == null ? 1 : broken.getProblemMark().getLine() + 1;
      throw new InvalidConfigurationException(
          source, "is no YAML in line " + line, "Correct it: " + broken.getProblem());
    } catch (YAMLException broken) {
      throw new InvalidConfigurationException(
          source, "is no YAML", "Give a text without control characters, of at most 3 MB");
    }
  }

  /** Returns a message as part of another one. */
  static String withoutDot(InvalidConfigurationException refused) {
    String message = String.valueOf(refused.getMessage());
    return message.substring(0, message.length() - 1);
  }
}
