/** Dead letters: rejected rows that are kept and can be submitted again. */
module io.batchflow.deadletter {
  requires transitive io.batchflow;
  requires io.batchflow.json;
  requires tools.jackson.databind;

  exports io.batchflow.deadletter;
}
