package io.batchflow.kafka.connect;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A list of pairs with a colon between both names.
 *
 * @param form how a pair looks, for messages
 */
record Pairs(String form) implements ConfigDef.Validator {

  @Override
  public void ensureValid(String option, @Nullable Object value) {
    if (value instanceof List<?> pairs) {
      for (Object pair : pairs) {
        String text = String.valueOf(pair);
        int colon = text.indexOf(':');
        if (colon < 1 || colon == text.length() - 1) {
          throw new ConfigException(option, value, "Write each pair as " + form);
        }
      }
    }
  }

  static Map<String, String> of(List<String> pairs) {
    Map<String, String> map = new HashMap<>();
    for (String pair : pairs) {
      int colon = pair.indexOf(':');
      map.put(pair.substring(0, colon).trim(), pair.substring(colon + 1).trim());
    }
    return map;
  }

  @Override
  public String toString() {
    return "pairs " + form;
  }
}
