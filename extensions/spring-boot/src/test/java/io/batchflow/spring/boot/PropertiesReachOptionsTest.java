package io.batchflow.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.health.HealthPolicy;
import io.r2dbc.spi.ConnectionFactory;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Generated from the metadata, so that it covers each property, and from the builders. */
class PropertiesReachOptionsTest {

  private static final String PREFIX = "batchflow.defaults.";

  /** Values of their own, as they must fit the defaults of other options. */
  private static final Map<String, String> VALUES =
      Map.of("max-pending", "5000", "audit.logger", "audit", "retry.max-retries", "7");

  private static final Map<String, String> VALUES_OF_TYPES =
      Map.of(
          "java.lang.Integer", "3",
          "java.lang.Double", "0.25",
          "java.lang.Boolean", "true",
          "java.time.Duration", "700ms",
          "org.springframework.util.unit.DataSize", "5MB",
          "java.util.List<java.lang.String>", "id",
          "io.batchflow.Ordering", "per-key",
          "io.batchflow.Overflow", "fail");

  /** Fields that are named otherwise than their property. */
  private static final Map<String, String> FIELDS =
      Map.of(
          "retry.max-retries", "retry.maxAttempts",
          "retry.jitter", "retry.jitterFactor",
          "retry.budget", "retriesPerPeriod",
          "retry.budget-period", "retryPeriod",
          "dead-letters.directory", "deadLetter",
          "audit.logger", "listeners");

  /** Properties that say where the flow writes, or are for tables. Other tests are about them. */
  private static final Set<String> NO_OPTIONS =
      Set.of(
          "backend",
          "bean",
          "dead-letters.max-file-size",
          "journal.directory",
          "journal.max-rows",
          "journal.at-least-once",
          "policy.returning-existing",
          "policy.share",
          "policy.reserved");

  /** Options that are groups of properties, or that only code can set. */
  private static final Set<String> NO_PROPERTIES =
      Set.of(
          "default-policy",
          "policy",
          "retry",
          "retry-budget",
          "health-policy",
          "dead-letter",
          "failure-classifier",
          "listener",
          "scheduler",
          "build");

  private final TestDatabase database = TestDatabase.create();
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(BatchFlowAutoConfiguration.class))
          .withBean(ConnectionFactory.class, database::connections);

  @TempDir private static Path directory;

  @ParameterizedTest
  @MethodSource("properties")
  void thePropertyReachesItsOptionAndNoOther(String property, String value, String field) {
    assertChanges(property, value, field);
  }

  @Test
  void returningExistingNamesTheColumnsOfReturningToo() {
    assertChanges(
        "policy.returning-existing", "id", "policy.returning", "policy.returningExisting");
  }

  @Test
  void aTableHasAShare() {
    runner
        .withPropertyValues(
            "batchflow.flows.orders.tables.logs.share=0.25",
            "batchflow.flows.orders.tables.users.reserved=1")
        .run(
            context -> {
              BatchFlow flow = context.getBean(BatchFlow.class);
              assertThat(flow.control("logs").policy().share()).isEqualTo(0.25);
              assertThat(flow.control("users").policy().reserved()).isEqualTo(1);
            });
  }

  private void assertChanges(String property, String value, String... fields) {
    Map<String, String> defaults = options(runner);
    Map<String, String> changed =
        options(runner.withPropertyValues(PREFIX + property + "=" + value));
    assertThat(changed.keySet()).isEqualTo(defaults.keySet());
    assertThat(
            changed.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(defaults.get(entry.getKey())))
                .map(Map.Entry::getKey))
        .containsExactly(fields);
  }

  static Stream<org.junit.jupiter.params.provider.Arguments> properties() {
    return metadata().entrySet().stream()
        .filter(property -> !NO_OPTIONS.contains(property.getKey()))
        .map(
            property ->
                org.junit.jupiter.params.provider.Arguments.of(
                    property.getKey(),
                    property.getKey().equals("dead-letters.directory")
                        ? directory.toString()
                        : Objects.requireNonNull(
                            VALUES.getOrDefault(
                                property.getKey(), VALUES_OF_TYPES.get(property.getValue())),
                            "no value of " + property),
                    FIELDS.getOrDefault(property.getKey(), camel(property.getKey()))));
  }

  @Test
  void eachOptionOfABuilderHasAProperty() {
    assertThat(
            Stream.of(
                    options(BatchFlow.Builder.class, ""),
                    options(BatchPolicy.Builder.class, "policy."),
                    options(HealthPolicy.Builder.class, "health."))
                .flatMap(names -> names))
        .isSubsetOf(metadata().keySet());
  }

  @Test
  void eachPropertyHasADescription() {
    assertThat(read())
        .filteredOn(property -> String.valueOf(property.get("name")).startsWith("batchflow."))
        .hasSizeGreaterThan(30)
        .allSatisfy(
            property ->
                assertThat(String.valueOf(property.get("description")))
                    .as("%s", property.get("name"))
                    .matches("[A-Z][^\\n]*\\."));
  }

  @Test
  void defaultsAreThoseOfTheLibrary() {
    BatchFlow plain =
        BatchFlow.builder(io.batchflow.r2dbc.R2dbcBatchWriter.create(database.connections()))
            .build();
    Map<String, String> library = Options.of(plain).all();
    Map<String, String> spring = options(runner);
    plain.close().block();
    // Less than the shutdown phase of Spring.
    assertThat(spring.remove("closeTimeout")).isEqualTo("PT28S");
    library.remove("closeTimeout");
    assertThat(spring).isEqualTo(library);
  }

  private static Map<String, String> options(ApplicationContextRunner runner) {
    Map<String, String> all = new java.util.TreeMap<>();
    runner.run(context -> all.putAll(Options.of(context.getBean(BatchFlow.class)).all()));
    return all;
  }

  private static Stream<String> options(Class<?> builder, String prefix) {
    return Arrays.stream(builder.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .map(Method::getName)
        .map(DataObjectPropertyName::toDashedForm)
        .filter(name -> !NO_PROPERTIES.contains(name))
        .map(name -> prefix + name)
        .distinct();
  }

  private static String camel(String property) {
    return java.util.regex.Pattern.compile("-(.)")
        .matcher(property)
        .replaceAll(letter -> letter.group(1).toUpperCase(java.util.Locale.ROOT));
  }

  /** Returns the types of the properties of a flow. */
  private static Map<String, String> metadata() {
    return read().stream()
        .filter(property -> String.valueOf(property.get("name")).startsWith(PREFIX))
        .filter(property -> !String.valueOf(property.get("type")).startsWith("java.util.Map"))
        .collect(
            Collectors.toMap(
                property -> String.valueOf(property.get("name")).substring(PREFIX.length()),
                property -> String.valueOf(property.get("type"))));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> read() {
    try (InputStream file =
        Objects.requireNonNull(
            BatchFlowProperties.class.getResourceAsStream(
                "/META-INF/spring-configuration-metadata.json"))) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return (List<Map<String, Object>>)
          JsonParserFactory.getJsonParser().parseMap(text).get("properties");
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }
}
