package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeyTemplateTest {

  @Test
  void textAndColumnsAlternate() {
    assertThat(KeyTemplate.parse("event:{tenant}:{id}"))
        .isEqualTo(new KeyTemplate(List.of("event:", ":", ""), List.of("tenant", "id")));
  }

  @Test
  void doubledBracesAreBraces() {
    assertThat(KeyTemplate.parse("{{{tenant}}}:{id}"))
        .isEqualTo(new KeyTemplate(List.of("{", "}:", ""), List.of("tenant", "id")));
  }

  @Test
  void aColumnAloneIsOneColumn() {
    assertThat(KeyTemplate.parse("{id}").isOneColumn()).isTrue();
    assertThat(KeyTemplate.parse("x{id}").isOneColumn()).isFalse();
    assertThat(KeyTemplate.parse("fixed").columns()).isEmpty();
  }
}
