package io.batchflow.catalog.yaml;

import io.batchflow.InvalidConfigurationException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A part of a file that has entries.
 *
 * @param path where it is, such as {@code tables.orders}; empty for the whole file
 */
record Section(String source, String path, Node node) {

  static Section root(String source, Node node) {
    return new Section(source, "", node);
  }

  /** Returns its entries, in their order; none if it is empty. */
  List<Entry> entries() {
    if (node.getTag().equals(Tag.NULL)) {
      return List.of();
    }
    if (!(node instanceof MappingNode mapping)) {
      throw refused("has no entries", "Give keys with values, each in a line of its own");
    }
    List<Entry> entries = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw refused("has a key that is no text", "Give a plain key");
      }
      Entry entry = new Entry(this, key, tuple.getValueNode());
      if (!keys.add(entry.key())) {
        throw entry.refused("is given twice", "Remove one of them");
      }
      entries.add(entry);
    }
    return entries;
  }

  InvalidConfigurationException refused(String problem, String remedy) {
    return refused(source, path, node, problem, remedy);
  }

  static InvalidConfigurationException refused(
      String source, String path, Node node, String problem, String remedy) {
    String where = path.isEmpty() ? source : path;
    int line = node.getStartMark().getLine() + 1;
    return new InvalidConfigurationException(
        where, problem + " (" + source + ", line " + line + ")", remedy);
  }
}
