package io.batchflow.kafka;

/** Hands records to the flow. Used by the thread of the consumer, except for outcomes. */
interface Feed {

  void submit(OffsetRecord record);

  /** Returns whether no further outcome will come. */
  boolean isOver();

  /** Asks the flow to send what waits in its windows. */
  void hurry();

  /** Withdraws what the flow has not sent yet. */
  void close();
}
