package io.batchflow.r2dbc.retention;

import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.dialect.Dialects;
import javax.sql.DataSource;

/** The jobs of SQLite, by JDBC. */
final class SqliteJobs implements Jobs {

  private final SqlDialect dialect = Dialects.sqlite();
  private final SqliteSteps steps;
  private final RetentionOptions options;

  SqliteJobs(DataSource source, RetentionOptions options) {
    this.steps = new SqliteSteps(source, dialect, options.scheduler);
    this.options = options;
  }

  @Override
  public String product() {
    return dialect.product();
  }

  @Override
  public boolean takesFences() {
    return false;
  }

  @Override
  public Job of(RetentionRule rule, Fence fence, RunCounts counts) {
    return new SqliteJob(rule, steps, new SqliteLookup(dialect, options), options, counts);
  }
}
