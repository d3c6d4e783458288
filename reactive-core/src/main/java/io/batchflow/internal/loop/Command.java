package io.batchflow.internal.loop;

/** An event with its own action, which the drain runs. */
public abstract class Command extends Event {

  public abstract void run();
}
