package io.batchflow.internal.loop;

/** An event that knows itself what is to be done. The drain runs it. */
public abstract class Command extends Event {

  public abstract void run();
}
