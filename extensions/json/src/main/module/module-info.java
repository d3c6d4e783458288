/** Rows as JSON. */
module io.batchflow.json {
  requires transitive io.batchflow;
  requires transitive tools.jackson.databind;
  requires java.sql;
  requires static r2dbc.postgresql;

  exports io.batchflow.json;

  uses io.batchflow.json.ValueTypeProvider;
}
