package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is given as a URL is one, or is refused without its password. */
class UrlFuzzTest {

  private static final String SECRET = "s3cr3t";

  @Provide
  Arbitrary<String> urls() {
    Arbitrary<String> noise =
        Arbitraries.strings().withChars(":/@?&=%;#[]{} \t\u0000äx9").ofMaxLength(4);
    return Combinators.combine(
            Arbitraries.of("r2dbc", "r2dbcs", "jdbc", "", "R2DBC"),
            noise,
            Arbitraries.of("h2", "postgresql", "mariadb", "mysql", "pool:h2", "oracle", ""),
            noise,
            Arbitraries.of("user:" + SECRET + "@", ":" + SECRET + "@", SECRET + "@@", ""),
            Arbitraries.of("localhost", "localhost:1", "[::1]:99999", "mem:///x", "h:port", ""),
            noise,
            Arbitraries.of("/db?tcpNoDelay=maybe", "?options=" + SECRET, "/" + SECRET, ""))
        .as(
            (scheme, a, driver, b, user, host, c, rest) ->
                scheme + ":" + a + driver + "://" + b + user + host + c + rest);
  }

  @Property(tries = 4_000, seed = "20261121")
  void anyTextIsAUrlOrRefused(@ForAll("urls") String url) {
    try {
      R2dbcBatchWriter.create(url).close().block(Duration.ofMinutes(1));
    } catch (InvalidConfigurationException refused) {
      assertThat(refused).message().doesNotContain(SECRET);
      assertThat(refused).hasNoCause();
    }
  }
}
