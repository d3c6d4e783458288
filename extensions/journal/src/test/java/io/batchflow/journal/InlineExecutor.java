package io.batchflow.journal;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/** An executor without a thread, like {@link InlineScheduler}. */
final class InlineExecutor extends AbstractExecutorService {

  private final InlineScheduler tasks = new InlineScheduler();
  private volatile boolean shutdown;

  @Override
  public void execute(Runnable task) {
    tasks.schedule(task);
  }

  @Override
  public void shutdown() {
    shutdown = true;
    tasks.disposeGracefully().subscribe();
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    tasks.dispose();
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return shutdown;
  }
}
