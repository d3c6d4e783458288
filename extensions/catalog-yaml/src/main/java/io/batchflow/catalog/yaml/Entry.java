package io.batchflow.catalog.yaml;

import io.batchflow.InvalidConfigurationException;
import java.util.List;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A key and its value in a {@link Section}. */
record Entry(Section parent, ScalarNode keyNode, Node value) {

  String key() {
    return keyNode.getValue();
  }

  private String path() {
    return parent.path().isEmpty() ? key() : parent.path() + "." + key();
  }

  /** Returns its value as a part with entries. */
  Section section() {
    return new Section(parent.source(), path(), value);
  }

  /** Returns its value as it stands in the file. */
  String text() {
    if (value instanceof ScalarNode scalar && !value.getTag().equals(Tag.NULL)) {
      return scalar.getValue();
    }
    throw refused("has no plain value", "Give one, or remove the key to leave it unset");
  }

  /** Returns its values, each as it stands in the file. */
  List<String> texts() {
    if (!(value instanceof SequenceNode list)) {
      throw refused("is no list", "Give a list, such as [one, other]");
    }
    return list.getValue().stream().map(each -> new Entry(parent, keyNode, each).text()).toList();
  }

  InvalidConfigurationException refused(String problem, String remedy) {
    return Section.refused(parent.source(), path(), keyNode, problem, remedy);
  }
}
