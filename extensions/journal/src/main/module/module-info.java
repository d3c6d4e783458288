/** A journal of rows that were accepted but are not written yet. */
module io.batchflow.journal {
  requires transitive io.batchflow;
  requires io.batchflow.json;
  requires rocksdbjni;
  requires tools.jackson.databind;

  exports io.batchflow.journal;
}
