package io.batchflow.examples.shop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The short form of the program, in a JVM of its own. */
@Tag("server")
class ShopTest {

  @Test
  void theBooksOfTheServicesTellTheSame() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dbatchflow.test.durable=false",
                "-cp",
                System.getProperty("java.class.path"),
                Shop.class.getName(),
                "100")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output)
        .contains(
            "money    orders 810.00  ledger 810.00  sum of all entries 0.00",
            "parcels  orders 100, paid 90  parcels 90  with all positions 90  arrived 90",
            "balanced");
  }

  @Test
  void aParcelTooManyIsNotBalanced() {
    assertThat(new Balance(100, 90, 5, 5, 0, 90, 90, 90).isEven()).isTrue();
    assertThat(new Balance(100, 90, 5, 5, 0, 91, 90, 90).isEven()).isFalse();
    assertThat(new Balance(100, 90, 5, 4, 0, 90, 90, 90).isEven()).isFalse();
  }
}
