package io.batchflow.sql;

/** How a statement spells its parameters. Drivers of one database may differ in it. */
public enum Placeholder {

  /** {@code ?} for every parameter, as JDBC and most R2DBC drivers have it. */
  QUESTION_MARK,

  /** {@code $1}, {@code $2} and so on, as the R2DBC driver of PostgreSQL has it. */
  NUMBERED;

  /** Returns the placeholder of a parameter, counted from 0. */
  public String at(int index) {
    return this == NUMBERED ? "$" + (index + 1) : "?";
  }
}
