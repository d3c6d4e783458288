/** Tables in files of JSON lines. */
module io.batchflow.backup {
  requires transitive io.batchflow;
  requires transitive io.batchflow.r2dbc;
  requires tools.jackson.databind;

  exports io.batchflow.backup;
}
