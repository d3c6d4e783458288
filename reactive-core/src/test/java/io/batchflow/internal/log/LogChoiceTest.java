package io.batchflow.internal.log;

import static io.batchflow.Rows.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.test.RecordingWriter;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.util.Loggers;

/** The logger that a flow uses: SLF4J if it is present, or the one that Reactor was told to use. */
class LogChoiceTest {

  @Test
  void slf4jGetsKeys() {
    assertThat(Log.of("io.batchflow.BatchFlow")).isInstanceOf(Slf4jLog.class);
  }

  @Test
  void whatReactorWasToldToUseIsUsed() {
    Loggers.useJdkLoggers();
    try {
      assertThat(Log.of("io.batchflow.BatchFlow")).isInstanceOf(PlainLog.class);
    } finally {
      Loggers.resetLoggerFactory();
    }
  }

  @Test
  void withoutSlf4jTheTextIsLoggedAsReactorDoes() throws Exception {
    PrintStream console = System.out;
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (WithoutSlf4j loader = new WithoutSlf4j()) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      Thread.currentThread().setContextClassLoader(loader);
      Class<?> flow = loader.loadClass(OneRow.class.getName());
      ((Runnable) flow.getConstructor().newInstance()).run();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
      System.setOut(console);
    }

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("BatchFlow closed: 1 admitted, 1 written, 0 rejected");
  }

  /** Loads all classes again except SLF4J, which it does not find. */
  private static final class WithoutSlf4j extends URLClassLoader {

    WithoutSlf4j() throws MalformedURLException {
      super(classPath(), ClassLoader.getPlatformClassLoader());
    }

    private static URL[] classPath() throws MalformedURLException {
      List<URL> all = new ArrayList<>();
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        URI uri = Path.of(entry).toUri();
        if (!uri.getPath().contains("slf4j")) {
          all.add(uri.toURL());
        }
      }
      return all.toArray(new URL[0]);
    }
  }

  /** Runs inside that class loader, with its own Reactor. */
  public static final class OneRow implements Runnable {

    @Override
    public void run() {
      BatchFlow flow = BatchFlow.builder(RecordingWriter.create()).build();
      flow.submit(event(1)).block();
      flow.close().block();
      Schedulers.shutdownNow();
    }
  }
}
