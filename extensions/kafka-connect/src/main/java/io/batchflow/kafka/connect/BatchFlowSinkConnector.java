package io.batchflow.kafka.connect;

import io.batchflow.sql.SqlWriteException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A sink for Kafka Connect: it stores the records of topics in tables of a database. Connect
 * creates it by its class name. The page about Kafka Connect in the documentation lists the
 * options, and so does {@link #config()}.
 */
public final class BatchFlowSinkConnector extends SinkConnector {

  static final String VERSION = version(BatchFlowSinkConnector.class.getPackage());

  private static final Duration CHECK = Duration.ofSeconds(10);

  private Map<String, String> properties = Map.of();

  /** Creates a connector, for Connect. */
  public BatchFlowSinkConnector() {}

  private static String version(Package of) {
    String version = of.getImplementationVersion();
    return version == null ? "0" : version;
  }

  @Override
  public String version() {
    return VERSION;
  }

  @Override
  public void start(Map<String, String> properties) {
    this.properties = Map.copyOf(properties);
  }

  @Override
  public Class<? extends Task> taskClass() {
    return BatchFlowSinkTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return Collections.nCopies(maxTasks, properties);
  }

  @Override
  public void stop() {}

  @Override
  public ConfigDef config() {
    return SinkOptions.all();
  }

  /** Takes offsets as they are: the table has none of its own. */
  @Override
  public boolean alterOffsets(
      Map<String, String> connectorConfig, Map<TopicPartition, Long> offsets) {
    return true;
  }

  /**
   * Checks the options, and the tables of the named topics in the database. An error names its
   * option and the remedy.
   */
  @Override
  public Config validate(Map<String, String> given) {
    Config checked = super.validate(given);
    if (isValid(checked)) {
      new SinkConfig(given).problems().forEach((option, error) -> add(checked, option, error));
    }
    if (isValid(checked)) {
      checkTables(checked, given);
    }
    return checked;
  }

  private static boolean isValid(Config config) {
    return config.configValues().stream().allMatch(value -> value.errorMessages().isEmpty());
  }

  private static void add(Config config, String option, String error) {
    for (ConfigValue value : config.configValues()) {
      if (value.name().equals(option)) {
        value.addErrorMessage(error);
      }
    }
  }

  private static void checkTables(Config checked, Map<String, String> given) {
    SinkConfig config = new SinkConfig(given);
    Database database;
    try {
      database = new Database(config);
    } catch (ConfigException wrong) {
      add(checked, SinkOptions.URL, String.valueOf(wrong.getMessage()));
      return;
    }
    Mono<Void> tables =
        Flux.fromIterable(config.topics)
            .map(config::table)
            .distinct()
            .concatMap(
                table ->
                    database
                        .read(table)
                        .timeout(CHECK)
                        .doOnError(failure -> report(config, database, checked, table, failure))
                        .onErrorComplete())
            .then();
    database
        .reach()
        .timeout(CHECK)
        .then(tables)
        .onErrorResume(
            failure -> {
              add(
                  checked,
                  SinkOptions.URL,
                  "The database cannot be reached ("
                      + database.describe(failure)
                      + "). Check connection.url, connection.username and connection.password");
              return Mono.empty();
            })
        .then(database.close())
        .block();
  }

  /** The messages of drivers are not shown, as they may hold an address with a password. */
  private static void report(
      SinkConfig config, Database database, Config checked, String table, Throwable failure) {
    boolean readable = failure instanceof SqlWriteException;
    boolean allowed = config.evolution == SchemaEvolution.BASIC && Database.isAbsent(failure);
    if (!allowed) {
      add(
          checked,
          SinkOptions.TABLE_FORMAT,
          table + ": " + (readable ? failure.getMessage() : database.describe(failure)));
    }
  }
}
