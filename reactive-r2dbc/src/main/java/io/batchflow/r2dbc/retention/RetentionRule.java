package io.batchflow.r2dbc.retention;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.Schema;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableSettings;
import io.batchflow.catalog.TableStatus;
import java.time.Duration;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * How long the rows of a table are kept, by the time in a column. Rows whose time is null, or
 * before the year 1000, are kept forever; in a column with a time zone or of numbers, before the
 * second day of 1970. Immutable and thread-safe.
 */
public final class RetentionRule {

  private static final Duration LONGEST = Duration.ofDays(36_500);

  final Schema table;
  final String column;
  final Duration keep;
  final @Nullable ZoneId zone;
  final @Nullable ChronoUnit unit;
  final boolean partitionsOnly;

  private RetentionRule(Builder builder) {
    this.table = builder.table;
    this.column = builder.column;
    this.keep = builder.keep;
    this.zone = builder.zone;
    this.unit = builder.unit;
    this.partitionsOnly = builder.partitionsOnly;
  }

  /** Returns a rule with every option at its default: see {@link #builder}. */
  public static RetentionRule of(String table, String timeColumn, Duration keep) {
    return builder(table, timeColumn, keep).build();
  }

  /**
   * Starts to build a rule. Names are matched exactly, or else without regard to case, as for a
   * {@link Schema}.
   *
   * @param table the table; dots separate qualifiers
   * @param timeColumn the column that tells how old a row is: a timestamp, a date, or a number, for
   *     which {@link Builder#epoch} must be set
   * @param keep how long a row is kept after that time
   * @throws InvalidConfigurationException if a name is blank, or {@code keep} is not from a second
   *     to 36,500 days
   */
  public static Builder builder(String table, String timeColumn, Duration keep) {
    return new Builder(table, timeColumn, keep);
  }

  /**
   * Returns a rule for each table of a catalog whose {@code retention_days}, or that of the
   * defaults of the catalog, is more than 0, unless the table is about to be dropped. The property
   * {@code time_column} of the table names its time column.
   *
   * @param timeColumn the time column of tables without that property
   * @return the rules, read once for each subscription
   */
  public static Flux<RetentionRule> ofCatalog(TableCatalog catalog, String timeColumn) {
    return catalog
        .list()
        .flatMapIterable(list -> list.tables())
        .filter(table -> table.status() != TableStatus.DELETING)
        .mapNotNull(table -> ofTable(catalog, table, timeColumn));
  }

  private static @Nullable RetentionRule ofTable(
      TableCatalog catalog, TableInfo table, String timeColumn) {
    TableSettings settings = table.settings().withDefaults(catalog.defaults());
    Integer days = settings.retentionDays();
    if (days == null || days == 0) {
      return null;
    }
    String column = settings.properties().getOrDefault("time_column", timeColumn);
    return of(table.name(), column, Duration.ofDays(days));
  }

  /** Returns the name of the table. */
  public String table() {
    return table.table();
  }

  /** Returns the column that tells how old a row is. */
  public String timeColumn() {
    return column;
  }

  /** Returns how long a row is kept. */
  public Duration keep() {
    return keep;
  }

  @Override
  public String toString() {
    return "RetentionRule[" + table() + "." + column + ", " + keep + "]";
  }

  /** Builds a {@link RetentionRule}. Not safe for concurrent use. */
  public static final class Builder {

    private static final Set<ChronoUnit> UNITS =
        Set.of(ChronoUnit.SECONDS, ChronoUnit.MILLIS, ChronoUnit.MICROS, ChronoUnit.NANOS);

    private final Schema table;
    private final String column;
    private final Duration keep;
    private @Nullable ZoneId zone;
    private @Nullable ChronoUnit unit;
    private boolean partitionsOnly;

    private Builder(String table, String column, Duration keep) {
      if (column.isBlank()) {
        throw new InvalidConfigurationException("timeColumn", "is blank", "Name a column");
      }
      if (keep.toSeconds() < 1 || keep.compareTo(LONGEST) > 0) {
        throw new InvalidConfigurationException(
            "keep", "is " + keep, "Give a time from a second to 36,500 days");
      }
      this.table = Schema.table(table).columns(column).build();
      this.column = column;
      this.keep = keep;
    }

    /**
     * Sets the zone of times that are stored without one. A time that the clocks of the zone show
     * twice counts as the later one. By default, such a time counts as one in UTC-12, so that a row
     * is not deleted too early, whatever the zone is. {@code ZoneOffset.UTC} is right for what a
     * flow stores. Columns with a time zone, and TIMESTAMPs of MySQL and MariaDB, need none.
     */
    public Builder zone(ZoneId zone) {
      this.zone = Objects.requireNonNull(zone, "zone");
      return this;
    }

    /**
     * Sets what the numbers in the time column count since 1970, in UTC.
     *
     * @throws InvalidConfigurationException unless it is seconds, or milli-, micro- or nanoseconds
     */
    public Builder epoch(ChronoUnit unit) {
      if (!UNITS.contains(unit)) {
        throw new InvalidConfigurationException(
            "epoch", "is " + unit, "Give SECONDS, MILLIS, MICROS or NANOS");
      }
      this.unit = unit;
      return this;
    }

    /**
     * Sets whether only whole partitions are dropped, on PostgreSQL, and the rows of others stay.
     * Defaults to false.
     */
    public Builder partitionsOnly(boolean only) {
      this.partitionsOnly = only;
      return this;
    }

    /** Builds the rule. */
    public RetentionRule build() {
      return new RetentionRule(this);
    }
  }
}
