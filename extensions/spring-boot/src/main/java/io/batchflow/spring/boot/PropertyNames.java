package io.batchflow.spring.boot;

import io.batchflow.spi.Spelling;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/** The names of all properties of a record, where {@code *} stands for any name. */
final class PropertyNames {

  static final String ANY = "*";

  private final List<List<String>> leaves = new ArrayList<>();
  private final Map<List<String>, Class<?>> types = new HashMap<>();

  /** Those that may also have no value below them, such as a flow without options. */
  private final List<List<String>> branches = new ArrayList<>();

  private PropertyNames(Class<? extends Record> type) {
    collect(type, List.of());
  }

  static PropertyNames of(Class<? extends Record> type) {
    return new PropertyNames(type);
  }

  /** Adds those of another record, below a name. */
  PropertyNames and(String parent, Class<? extends Record> type) {
    collect(type, List.of(parent));
    return this;
  }

  private void collect(Class<?> type, List<String> parents) {
    for (RecordComponent component : type.getRecordComponents()) {
      List<String> name = with(parents, DataObjectPropertyName.toDashedForm(component.getName()));
      if (component.getType().isRecord()) {
        collect(component.getType(), name);
      } else if (component.getGenericType() instanceof ParameterizedType map
          && map.getRawType() == Map.class) {
        if (map.getActualTypeArguments()[1] instanceof Class<?> value && value.isRecord()) {
          branches.add(with(name, ANY));
          collect(value, with(name, ANY));
        } else {
          leaves.add(with(name, ANY));
        }
      } else {
        leaves.add(name);
        types.put(name, component.getType());
      }
    }
  }

  private static List<String> with(List<String> parents, String element) {
    return Stream.concat(parents.stream(), Stream.of(element)).toList();
  }

  /** Returns the leaves, each with its elements joined by dots. */
  Stream<String> all() {
    return leaves.stream().map(name -> String.join(".", name));
  }

  boolean contains(List<String> name) {
    return Stream.concat(leaves.stream(), branches.stream()).anyMatch(known -> fits(known, name));
  }

  private static boolean fits(List<String> known, List<String> name) {
    if (known.size() != name.size()) {
      return false;
    }
    for (int i = 0; i < known.size(); i++) {
      if (!known.get(i).equals(ANY) && !uniform(known.get(i)).equals(uniform(name.get(i)))) {
        return false;
      }
    }
    return true;
  }

  /**
   * A name that may be meant.
   *
   * @param type the simple name of the type of its values
   */
  record Suggestion(String name, String type) {}

  /** Returns the most similar name, if possible with the same option elsewhere. */
  Suggestion nearest(List<String> name) {
    String given = String.join(".", name);
    Suggestion best = new Suggestion(given, "");
    int least = Integer.MAX_VALUE;
    for (List<String> known : leaves) {
      List<String> filled = filled(known, name);
      if (filled.contains(ANY)) {
        continue;
      }
      String candidate = String.join(".", filled);
      boolean sameOption =
          uniform(known.get(known.size() - 1)).equals(uniform(name.get(name.size() - 1)));
      int distance = Spelling.distance(given, candidate) + (sameOption ? 0 : given.length());
      if (distance < least) {
        least = distance;
        Class<?> type = types.getOrDefault(known, String.class);
        best = new Suggestion(candidate, type.getSimpleName());
      }
    }
    return best;
  }

  private static List<String> filled(List<String> known, List<String> name) {
    List<String> filled = new ArrayList<>(known);
    for (int i = 0; i < Math.min(known.size(), name.size()); i++) {
      if (known.get(i).equals(ANY)) {
        filled.set(i, name.get(i));
      }
    }
    return filled;
  }

  private static String uniform(String element) {
    return element.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
  }
}
