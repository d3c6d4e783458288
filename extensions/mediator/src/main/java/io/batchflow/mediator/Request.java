package io.batchflow.mediator;

/**
 * A message that has one handler and gets one reply.
 *
 * @param <R> the type of the reply
 */
public interface Request<R> {}
