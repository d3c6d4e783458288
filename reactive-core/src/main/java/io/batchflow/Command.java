package io.batchflow;

/** An event that knows itself what is to be done. The drain runs it. */
abstract class Command extends Event {

  abstract void run();
}
