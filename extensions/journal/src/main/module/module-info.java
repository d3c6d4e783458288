/** The journal. */
module io.batchflow.journal {
  requires transitive io.batchflow;
  requires io.batchflow.json;
  requires rocksdbjni;
  requires tools.jackson.databind;

  exports io.batchflow.journal;
}
