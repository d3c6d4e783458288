/** Dead letters. */
module io.batchflow.deadletter {
  requires transitive io.batchflow;
  requires io.batchflow.json;
  requires tools.jackson.databind;

  exports io.batchflow.deadletter;
}
