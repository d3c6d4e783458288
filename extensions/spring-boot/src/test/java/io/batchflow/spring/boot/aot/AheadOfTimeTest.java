package io.batchflow.spring.boot.aot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;

import io.batchflow.stats.Ledger;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.hint.RuntimeHints;

/**
 * The code that Spring generates for a native image is compiled, and the context is started from it
 * in a JVM. GraalVM itself is not run.
 */
class AheadOfTimeTest {

  private static final String EXPOSED = "management.endpoints.web.exposure.include=batchflow";

  @TempDir private Path directory;

  @Test
  void aSingleFlowStoresARowAndAllThatIsReflectiveIsRegistered() throws Exception {
    GeneratedContext generated = generate(EXPOSED);

    assertThat(run(generated, EXPOSED)).containsOnlyKeys("batchFlow");
    RuntimeHints hints = generated.hints();
    assertThat(reflection().onMethodInvocation(Shipment.class, "label")).accepts(hints);
    assertThat(reflection().onMethodInvocation(Shipment.Place.class, "city")).accepts(hints);
    assertThat(
            reflection().onConstructorInvocation(Shipment.Upper.class.getDeclaredConstructors()[0]))
        .accepts(hints);
    assertThat(
            reflection()
                .onMethodInvocation("io.batchflow.spring.boot.actuate.FlowDescriptor", "tables"))
        .accepts(hints);
    assertThat(reflection().onMethodInvocation(Ledger.class, "written")).accepts(hints);
    assertThat(reflection().onMethodInvocation(AheadOfTimeApplication.Ping.class, "shard"))
        .accepts(hints);
  }

  @Test
  void namedFlowsStoreRowsWithTheirOptions() throws Exception {
    String[] properties = {
      EXPOSED, "batchflow.flows.orders.max-wait=1s", "batchflow.flows.events.max-pending=5000"
    };

    assertThat(run(generate(properties), properties))
        .containsOnlyKeys("orders", "events")
        .containsEntry("events", 5000L);
  }

  private GeneratedContext generate(String... properties) {
    return GeneratedContext.of(directory, AheadOfTimeApplication.class, properties);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Long> run(GeneratedContext generated, String... properties)
      throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader own = thread.getContextClassLoader();
    try (URLClassLoader loader = generated.loader()) {
      thread.setContextClassLoader(loader);
      Method run =
          loader
              .loadClass(AheadOfTimeApplication.class.getName())
              .getDeclaredMethod("run", String.class, String[].class);
      run.setAccessible(true);
      return (Map<String, Long>) run.invoke(null, generated.initializer(), properties);
    } finally {
      thread.setContextClassLoader(own);
    }
  }
}
