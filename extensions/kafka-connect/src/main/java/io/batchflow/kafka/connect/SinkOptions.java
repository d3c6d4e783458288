package io.batchflow.kafka.connect;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The options of the connector, with their defaults, bounds and documentation. */
final class SinkOptions {

  static final String URL = "connection.url";
  static final String USERNAME = "connection.username";
  static final String PASSWORD = "connection.password";
  static final String CONNECTIONS = "connection.pool.max_size";
  static final String INSERT_MODE = "insert.mode";
  static final String DELETES = "delete.enabled";
  static final String BATCH_SIZE = "batch.size";
  static final String IN_FLIGHT = "max.in.flight.records";
  static final String RETRY_TIMEOUT = "retry.timeout.ms";
  static final String DRAIN_TIMEOUT = "drain.timeout.ms";
  static final String TABLE_FORMAT = "collection.name.format";
  static final String TABLE_MAP = "collection.name.map";
  static final String EVOLUTION = "schema.evolution";
  static final String KEY_MODE = "primary.key.mode";
  static final String KEY_FIELDS = "primary.key.fields";
  static final String INCLUDED = "field.include.list";
  static final String EXCLUDED = "field.exclude.list";
  static final String RENAMED = "field.rename.list";

  static final String TOPIC = "${topic}";

  private static final String CONNECTION = "Connection";
  private static final String WRITING = "Writing";
  private static final String MAPPING = "Mapping";

  private SinkOptions() {}

  static ConfigDef all() {
    ConfigDef options = new ConfigDef();
    connection(options);
    writing(options);
    mapping(options);
    return options;
  }

  private static void connection(ConfigDef options) {
    options
        .define(
            URL,
            ConfigDef.Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "The database: an R2DBC URL such as r2dbc:postgresql://host:5432/database, of"
                + " PostgreSQL, MySQL, MariaDB or H2; a JDBC URL of one of the first three, without"
                + " parameters; a JDBC URL of SQLite, such as jdbc:sqlite:/var/lib/orders.db; or a"
                + " URI of Redis, such as redis://host:6379.",
            CONNECTION,
            1,
            Width.LONG,
            "URL")
        .define(
            USERNAME,
            ConfigDef.Type.STRING,
            "",
            Importance.HIGH,
            "The user of the database. Leave it out if the URL has one.",
            CONNECTION,
            2,
            Width.MEDIUM,
            "User")
        .define(
            PASSWORD,
            ConfigDef.Type.PASSWORD,
            "",
            Importance.HIGH,
            "The password of the user.",
            CONNECTION,
            3,
            Width.MEDIUM,
            "Password")
        .define(
            CONNECTIONS,
            ConfigDef.Type.INT,
            4,
            Range.between(1, 64),
            Importance.MEDIUM,
            "The batches, and so the connections, that a task has in flight at most.",
            CONNECTION,
            4,
            Width.SHORT,
            "Connections");
  }

  private static void writing(ConfigDef options) {
    options
        .define(
            INSERT_MODE,
            ConfigDef.Type.STRING,
            "insert",
            names(InsertMode.values()),
            Importance.HIGH,
            "What a record does: insert stores a new row, upsert inserts or updates, update only"
                + " changes a row that is there, ignore only inserts a row whose key is not there."
                + " All but insert need a key.",
            WRITING,
            1,
            Width.SHORT,
            "Insert mode")
        .define(
            DELETES,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether a record without a value, and a Debezium event of a delete, delete the row of"
                + " their key. Needs insert.mode=upsert. Without it, such a record is an errant"
                + " record.",
            WRITING,
            2,
            Width.SHORT,
            "Deletes")
        .define(
            BATCH_SIZE,
            ConfigDef.Type.INT,
            1_000,
            Range.between(1, 100_000),
            Importance.MEDIUM,
            "The most rows in a batch. It is independent of max.poll.records.",
            WRITING,
            3,
            Width.SHORT,
            "Batch size")
        .define(
            IN_FLIGHT,
            ConfigDef.Type.INT,
            10_000,
            Range.between(1, 1_000_000),
            Importance.LOW,
            "The records without an outcome at which a task pauses its partitions. It resumes at"
                + " half of them.",
            WRITING,
            4,
            Width.SHORT,
            "Records in flight")
        .define(
            RETRY_TIMEOUT,
            ConfigDef.Type.LONG,
            300_000L,
            Range.between(0L, 86_400_000L),
            Importance.MEDIUM,
            "How long about a batch is repeated while the database cannot be reached, in"
                + " milliseconds. After that, the task fails.",
            WRITING,
            5,
            Width.SHORT,
            "Retry timeout")
        .define(
            DRAIN_TIMEOUT,
            ConfigDef.Type.LONG,
            5_000L,
            Range.between(0L, 60_000L),
            Importance.LOW,
            "The longest wait for the outcomes of open records before offsets are committed and"
                + " before partitions go to another task, in milliseconds.",
            WRITING,
            6,
            Width.SHORT,
            "Drain timeout");
  }

  private static void mapping(ConfigDef options) {
    options
        .define(
            TABLE_FORMAT,
            ConfigDef.Type.STRING,
            TOPIC,
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "The table of a record. ${topic} is its topic, in which every dot becomes an"
                + " underscore. Other dots separate a schema from a table.",
            MAPPING,
            1,
            Width.LONG,
            "Table")
        .define(
            TABLE_MAP,
            ConfigDef.Type.LIST,
            List.of(),
            new Pairs("topic:table"),
            Importance.LOW,
            "The tables of single topics, as topic:table. They go before collection.name.format.",
            MAPPING,
            2,
            Width.LONG,
            "Tables of topics")
        .define(
            KEY_MODE,
            ConfigDef.Type.STRING,
            "none",
            names(KeyMode.values()),
            Importance.HIGH,
            "Where the key comes from: none, kafka (topic, partition and offset), record_key,"
                + " record_value or record_header.",
            MAPPING,
            3,
            Width.SHORT,
            "Key mode")
        .define(
            KEY_FIELDS,
            ConfigDef.Type.LIST,
            List.of(),
            Importance.HIGH,
            "The columns of the key. Defaults to the primary key of the table; for kafka, to"
                + " __connect_topic, __connect_partition and __connect_offset.",
            MAPPING,
            4,
            Width.LONG,
            "Key columns")
        .define(
            INCLUDED,
            ConfigDef.Type.LIST,
            List.of(),
            Importance.MEDIUM,
            "The fields of the value to store. Defaults to all.",
            MAPPING,
            5,
            Width.LONG,
            "Included fields")
        .define(
            EXCLUDED,
            ConfigDef.Type.LIST,
            List.of(),
            Importance.MEDIUM,
            "Fields of the value not to store.",
            MAPPING,
            6,
            Width.LONG,
            "Excluded fields")
        .define(
            RENAMED,
            ConfigDef.Type.LIST,
            List.of(),
            new Pairs("field:column"),
            Importance.LOW,
            "The columns of fields that are named differently, as field:column.",
            MAPPING,
            7,
            Width.LONG,
            "Renamed fields")
        .define(
            EVOLUTION,
            ConfigDef.Type.STRING,
            "none",
            names(SchemaEvolution.values()),
            Importance.MEDIUM,
            "Whether tables are created and columns are added for records with a schema: none, or"
                + " basic. A column is added if its field is optional, and a column of numbers gets"
                + " the wider type of its field. Nothing is dropped.",
            MAPPING,
            8,
            Width.SHORT,
            "Schema evolution");
  }

  private static ValidString names(Enum<?>... values) {
    return ValidString.in(Arrays.stream(values).map(SinkOptions::name).toArray(String[]::new));
  }

  static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
