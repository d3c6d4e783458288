package io.batchflow.benchmarks;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows from end to end into databases, compared with hand-written code and other tools. */
final class SqlPart implements Part {

  private final @Nullable Scale only;

  /** Measures at the scale of the run, quick or thorough. */
  SqlPart() {
    this.only = null;
  }

  /** Always measures at this scale. */
  SqlPart(Scale only) {
    this.only = only;
  }

  @Override
  public String name() {
    return "sql";
  }

  @Override
  public String about() {
    return "rows from end to end into PostgreSQL, MariaDB, SQLite and H2, compared with other code";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    Scale scale = only != null ? only : quick ? Scale.QUICK : Scale.THOROUGH;
    Contest contest = new Contest("sql", scale, out);
    List<Figure> figures = new ArrayList<>();
    try {
      figures.addAll(new PostgresContests(scale, contest).run());
      figures.addAll(new MariaDbContests(scale, contest).run());
      figures.addAll(new EmbeddedContests(scale, contest).run());
    } catch (Exception failure) {
      throw new IllegalStateException("The sql part failed", failure);
    }
    return figures;
  }
}
