package io.batchflow.benchmarks.differential;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A backend whose plain statements skip the first row of a table but report it as written. */
record ForgetfulBackend(Backend real) implements Backend {

  @Override
  public Plain plain() {
    Plain plain = real.plain();
    return new Plain() {
      @Override
      Parameter parameter(Column column, @Nullable Object value) throws Rejection {
        return plain.parameter(column, value);
      }

      @Override
      String text(Column column) {
        return plain.text(column);
      }

      @Override
      List<String> cleanUp(TableCase table) {
        return plain.cleanUp(table);
      }

      @Override
      void write(Site site, TableCase table, CaseRow row) throws Rejection {
        if (!row.equals(table.rows().get(0))) {
          plain.write(site, table, row);
        }
      }
    };
  }

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public List<ColumnType> types() {
    return real.types();
  }

  @Override
  public ColumnType markType() {
    return real.markType();
  }

  @Override
  public Site flowSite() {
    return real.flowSite();
  }

  @Override
  public Site plainSite() {
    return real.plainSite();
  }

  @Override
  public String keyClause(SplittableRandom random) {
    return real.keyClause(random);
  }

  @Override
  public List<String> generated() {
    return real.generated();
  }

  @Override
  public List<ColumnType> generatedKeys() {
    return real.generatedKeys();
  }

  @Override
  public boolean hasPartialKeys() {
    return real.hasPartialKeys();
  }

  @Override
  public @Nullable Extra extra(Feature feature, List<Column> columns, SplittableRandom random) {
    return real.extra(feature, columns, random);
  }

  @Override
  public void close() throws IOException, SQLException {
    real.close();
  }
}
