package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text is a valid template, URI, command or time, or is rejected. */
@Tag("fuzz")
class ConfigurationFuzzTest {

  private static final String SECRET = "s3cr3t";

  private static final Schema SCHEMA = Schema.table("t").columns("id", "v").build();

  private static final SchemaBinding BINDING =
      new SchemaBinding(SCHEMA, RedisValueCodec.standard());

  @FuzzTest
  void anyTextIsATemplateOrRejected(byte[] content) {
    String text = text(content);
    try {
      KeyTemplate template = KeyTemplate.parse(text);
      assertThat(written(template)).isEqualTo(text);
      RedisMapping.rpush(text, "v").bind(BINDING);
      BINDING.key(template);
      assertThat(SCHEMA.columns()).containsAll(template.columns());
    } catch (InvalidConfigurationException rejected) {
      assertThat(rejected.option()).isEqualTo("map");
      assertThat(rejected).hasMessageEndingWith(".").hasNoCause();
    }
  }

  /** Converts the parts back to text. */
  private static String written(KeyTemplate template) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < template.texts().size(); i++) {
      text.append(template.texts().get(i).replace("{", "{{").replace("}", "}}"));
      if (i < template.columns().size()) {
        text.append('{').append(template.columns().get(i)).append('}');
      }
    }
    return text.toString();
  }

  /** Each asterisk in the input is replaced by the password. */
  @FuzzTest
  void anyTextIsAUriOrRejectedWithoutItsPassword(byte[] content) {
    try {
      assertThat(Clients.parse(text(content).replace("*", SECRET))).isNotNull();
    } catch (InvalidConfigurationException rejected) {
      assertThat(rejected.option()).isEqualTo("uri");
      assertThat(rejected).hasMessageNotContaining(SECRET).hasNoCause();
    }
  }

  @FuzzTest
  void anyTextIsACommandOrRejected(byte[] content) {
    String name = text(content);
    try {
      CommandTemplate form = RedisMapping.command(name, "{id}", "{v}").bind(BINDING);
      assertThat(form.name()).isNotNull();
      assertThat(form.name().getBytes()).isEqualTo(content).isNotEmpty();
      assertThat(name).doesNotContainAnyWhitespaces();
      assertThat(name.strip()).isNotEqualToIgnoringCase("SELECT").isNotEqualToIgnoringCase("MULTI");
    } catch (InvalidConfigurationException rejected) {
      assertThat(rejected.option()).isEqualTo("command");
      assertThat(rejected).hasMessageContaining("'" + name + "'").hasNoCause();
    }
  }

  static LongStream seconds() {
    return LongStream.of(0, 1, -1, 3_600, Long.MAX_VALUE / 1_000, Long.MAX_VALUE, Long.MIN_VALUE);
  }

  @MethodSource("seconds")
  @FuzzTest
  void anyTimeIsOneToLiveOrRejected(@NotNull Long seconds) {
    Duration time = Duration.ofSeconds(seconds);
    try {
      Expiry.Millis millis = Expiry.after(time).bind(BINDING);
      assertThat(Duration.ofMillis(millis.of(SCHEMA.row()))).isEqualTo(time).isPositive();
    } catch (InvalidConfigurationException rejected) {
      assertThat(rejected.option()).isEqualTo("expireAfter");
    }
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8);
  }
}
