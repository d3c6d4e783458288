package io.batchflow.spring.boot;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/** Finds the keys of the options that an exception of the library names. */
final class OptionKeys {

  private static final Pattern TABLE = Pattern.compile("policy of table '([^']*)'");

  private final String flow;
  private final Binder binder;

  private OptionKeys(String flow, Binder binder) {
    this.flow = flow;
    this.binder = binder;
  }

  static OptionKeys of(String flow, Environment environment) {
    return new OptionKeys(flow, Binder.get(environment));
  }

  /** Returns the key that sets a property of the flow, or that would set it for all flows. */
  String key(String property) {
    return firstSet(Stream.of("flows." + flow, "defaults").map(layer -> layer + "." + property));
  }

  private String policyKey(String property, @Nullable String table) {
    Stream<String> own =
        table == null ? Stream.of() : Stream.of("tables[" + table + "]." + property);
    List<String> places = Stream.concat(own, Stream.of("policy." + property)).toList();
    return firstSet(
        places.stream()
            .flatMap(place -> Stream.of("flows." + flow + "." + place, "defaults." + place)));
  }

  private String firstSet(Stream<String> candidates) {
    List<String> keys =
        candidates.map(candidate -> BatchFlowProperties.PREFIX + "." + candidate).toList();
    return keys.stream().filter(this::isSet).findFirst().orElse(keys.get(keys.size() - 1));
  }

  private boolean isSet(String key) {
    return binder
        .bind(ConfigurationPropertyName.adapt(key, '.'), Bindable.of(String.class))
        .isBound();
  }

  /** Returns the keys of all options in a message. */
  List<String> in(String message) {
    Matcher found = TABLE.matcher(message);
    String table = found.find() ? found.group(1) : null;
    return PropertyNames.of(FlowProperties.class)
        .all()
        .filter(name -> !name.startsWith("tables."))
        .filter(name -> message.matches("(?s).*\\b" + optionOf(name) + "\\b.*"))
        .filter(name -> !name.equals("policy.concurrency") || message.contains("policy"))
        .map(
            name ->
                name.startsWith("policy.")
                    ? policyKey(name.substring("policy.".length()), table)
                    : key(name))
        .toList();
  }

  /** Returns the option of the builder that a property sets. */
  private static String optionOf(String property) {
    String last = property.substring(property.lastIndexOf('.') + 1);
    if (property.startsWith("retry.budget")) {
      return "retryBudget";
    }
    Matcher dashed = Pattern.compile("-(.)").matcher(last);
    return dashed.replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
  }
}
