package io.batchflow.r2dbc.retention;

import io.batchflow.r2dbc.request.Requests;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.dialect.Dialects;
import io.r2dbc.spi.ConnectionFactory;

/** The jobs of a database over R2DBC. */
final class R2dbcJobs implements Jobs {

  private final RetentionOptions options;
  private final SqlDialect dialect;
  private final RetentionSql sql;
  private final Requests requests;
  private final TargetLookup lookup;

  R2dbcJobs(ConnectionFactory factory, RetentionOptions options) {
    this.options = options;
    this.dialect = Dialects.of(factory.getMetadata().getName());
    this.sql = RetentionSql.of(dialect.product());
    this.requests = Requests.to(factory);
    this.lookup = new TargetLookup(dialect, sql, options.scheduler);
  }

  @Override
  public String product() {
    return dialect.product();
  }

  @Override
  public boolean takesFences() {
    return true;
  }

  @Override
  public Job of(RetentionRule rule, Fence fence, RunCounts counts) {
    Steps steps = new Steps(requests, dialect, sql, fence, options.scheduler);
    return new RetentionJob(rule, steps, sql, lookup, options, counts);
  }
}
