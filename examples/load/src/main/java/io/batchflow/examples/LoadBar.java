package io.batchflow.examples;

import java.nio.charset.Charset;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** The live progress bar on standard error. Shown only on a terminal. */
final class LoadBar implements AutoCloseable {

  private static final int INTERVAL_MILLIS = 100;

  private final @Nullable ProgressBar bar;

  private LoadBar(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  static LoadBar of(long rows) {
    if (!Ansi.AUTO.enabled()) {
      return new LoadBar(null);
    }
    boolean blocks = Charset.defaultCharset().newEncoder().canEncode('█');
    return new LoadBar(
        ProgressBar.builder()
            .setTaskName("Loading")
            .setInitialMax(rows)
            .setUnit(" rows", 1)
            .setStyle(blocks ? ProgressBarStyle.COLORFUL_UNICODE_BLOCK : ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(INTERVAL_MILLIS)
            .build());
  }

  void to(long rows) {
    if (bar != null) {
      bar.stepTo(rows);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
