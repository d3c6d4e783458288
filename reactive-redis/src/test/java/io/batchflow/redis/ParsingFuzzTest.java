package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.Schema;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is given as a template or as a URI is one, or is refused. */
class ParsingFuzzTest {

  private static final Schema SCHEMA = Schema.table("t").columns("id", "v").build();

  @Provide
  Arbitrary<String> templates() {
    return Arbitraries.of("{", "}", "{id}", "{v}", "{{", "}}", "{no}", "{}", ":", "é", " ", "a")
        .list()
        .ofMaxSize(6)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 4_000, seed = "20261121")
  void anyTextIsATemplateOrRefused(@ForAll("templates") String text) {
    try {
      KeyTemplate template = KeyTemplate.parse(text);
      assertThat(template.columns()).doesNotContain("");
      RedisBatchWriter.builder("redis://localhost:1")
          .map(SCHEMA, RedisMapping.rpush(text, "v"))
          .build()
          .close()
          .block(Duration.ofMinutes(1));
    } catch (InvalidConfigurationException refused) {
      assertThat(refused).message().endsWith(".");
    }
  }

  @Property(tries = 4_000, seed = "20261121")
  void aTemplateWithoutBracesIsItself(@ForAll String text) {
    if (!text.contains("{") && !text.contains("}")) {
      assertThat(KeyTemplate.parse(text)).isEqualTo(new KeyTemplate(List.of(text), List.of()));
    }
  }

  @Provide
  Arbitrary<String> uris() {
    return Arbitraries.of(
            "redis",
            "rediss",
            "redis-sentinel",
            "redis-socket",
            "http",
            "://",
            ":",
            "@",
            "s3cr3t",
            "localhost",
            "6379",
            "/",
            "0",
            "-1",
            "?timeout=",
            "x",
            "#",
            "%",
            "[::1]",
            " ")
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 4_000, seed = "20261121")
  void anyTextIsAUriOrRefusedWithoutItsPassword(@ForAll("uris") String text) {
    try {
      assertThat(Clients.parse(text)).isNotNull();
    } catch (InvalidConfigurationException refused) {
      assertThat(refused).message().doesNotContain("s3cr3t");
      assertThat(refused).hasNoCause();
    }
  }
}
