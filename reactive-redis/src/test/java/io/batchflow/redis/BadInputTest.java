package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fault of a row affects only that row. The error does not contain its values. */
@Tag("server")
class BadInputTest {

  private static final String SECRET = "s3cr3t";

  private final Sandbox redis = Sandbox.open();
  private final Schema schema =
      Schema.table("sessions")
          .columns("id", "value", "ttl")
          .conflictKey("id")
          .onConflict(ConflictStrategy.REPLACE)
          .build();

  @AfterEach
  void cleanUp() {
    redis.close();
  }

  private Row good() {
    return schema.row().set("id", redis.key("good")).set("value", "v");
  }

  /** Writes a bad row beside a good one, and returns why it was rejected. */
  private RedisWriteException rejection(
      RedisMapping mapping, RedisValueCodec codec, UnaryOperator<Row> bad) {
    Row row = bad.apply(schema.row().set("id", redis.key("bad")).set("value", SECRET));
    RedisBatchWriter writer = redis.writer().codec(codec).map(schema, mapping).build();
    BatchResult result =
        writer.write(new Batch(schema, List.of(row, good()))).block(Sandbox.PATIENCE);
    writer.close().block(Sandbox.PATIENCE);
    assertThat(redis.sync().get(redis.key("good"))).isEqualTo("v");
    assertThat(redis.sync().exists(redis.key("bad"))).isZero();
    assertThat(result).isNotNull();
    assertThat(result.rejected()).containsOnlyKeys(0);
    RedisWriteException rejection = (RedisWriteException) result.rejected().get(0);
    assertThat(rejection.kind()).isEqualTo(FailureKind.INVALID);
    assertThat(rejection.table()).isEqualTo("sessions");
    assertThat(rejection).hasMessageContaining("'sessions'").message().doesNotContain(SECRET);
    return rejection;
  }

  private RedisWriteException rejection(RedisMapping mapping, UnaryOperator<Row> bad) {
    return rejection(mapping, RedisValueCodec.standard(), bad);
  }

  @Test
  void anEmptyKey() {
    assertThat(rejection(RedisMapping.set("{id}", "value"), row -> row.set("id", "")))
        .hasMessageContaining("the key is empty");
  }

  @Test
  void nullInTheKeyAndInTheValue() {
    RedisMapping mapping = RedisMapping.set("{id}", "value");

    RedisWriteException key = rejection(mapping, row -> row.set("id", null));
    RedisWriteException value = rejection(mapping, row -> row.set("value", null));

    assertThat(key).hasMessageContaining("column 'id' is null");
    assertThat(key.column()).hasValue("id");
    assertThat(value.column()).hasValue("value");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void aTimeToLiveOfZeroOrLess(int seconds) {
    RedisMapping mapping = RedisMapping.set("{id}", "value").expireAfter("ttl");

    RedisWriteException rejection = rejection(mapping, row -> row.set("ttl", seconds));

    assertThat(rejection).hasMessageContaining("time to live below a millisecond");
    assertThat(rejection.column()).hasValue("ttl");
  }

  @Test
  void aTimeToLiveThatIsNoTime() {
    RedisMapping mapping = RedisMapping.set("{id}", "value").expireAfter("ttl");

    assertThat(rejection(mapping, row -> row.set("ttl", SECRET)))
        .hasMessageContaining("a String for a time to live");
    assertThat(rejection(mapping, row -> row.set("ttl", Long.MAX_VALUE)))
        .hasMessageContaining("too long");
    assertThat(rejection(mapping, row -> row.set("ttl", Duration.ofNanos(999_999))))
        .hasMessageContaining("below a millisecond");
  }

  @Test
  void aValueThatTheCodecRejects() {
    RedisMapping mapping = RedisMapping.set("{id}", "value");

    assertThat(rejection(mapping, row -> row.set("value", new Object())))
        .hasMessageContaining("column 'value' has a Object that the codec cannot encode");
    assertThat(rejection(mapping, row -> row.set("value", "half a pair: \ud83d")).column())
        .hasValue("value");
  }

  @Test
  void aCodecOfOnesOwnThatThrows() {
    RedisValueCodec picky =
        (column, value) -> {
          if (value.equals(SECRET)) {
            throw new IllegalStateException("not that one");
          }
          return RedisValueCodec.standard().encode(column, value);
        };

    assertThat(rejection(RedisMapping.set("{id}", "value"), picky, row -> row))
        .hasRootCauseMessage("not that one");
  }

  @Test
  void aHashWithoutFields() {
    Schema hashes = Schema.table("hashes").columns("id", "a", "b").conflictKey("id").build();
    RedisBatchWriter writer = redis.writer().map(hashes, RedisMapping.hset("{id}")).build();
    Row empty = hashes.row().set("id", redis.key("h"));

    BatchResult result = writer.write(new Batch(hashes, List.of(empty))).block(Sandbox.PATIENCE);
    writer.close().block(Sandbox.PATIENCE);

    assertThat(result).isNotNull();
    assertThat(result.rejected().get(0)).hasMessageContaining("no field is set");
  }

  @Test
  void aFunctionThatThrows() {
    Schema plain = Schema.table("plain").columns("id").build();
    RedisBatchWriter writer =
        redis
            .writer()
            .map(
                plain,
                RedisMapping.command(
                    "APPEND",
                    "{id}",
                    row -> {
                      throw new IllegalStateException("no arguments today");
                    }))
            .build();

    BatchResult result =
        writer
            .write(new Batch(plain, List.of(plain.row().set("id", redis.key("f")))))
            .block(Sandbox.PATIENCE);
    writer.close().block(Sandbox.PATIENCE);

    assertThat(result).isNotNull();
    assertThat(result.rejected().get(0)).hasRootCauseMessage("no arguments today");
  }

  @Test
  void aColumnThatTheSchemaLacks() {
    for (RedisMapping mapping :
        List.of(
            RedisMapping.set("{tenant}:{id}", "value"),
            RedisMapping.set("{id}", "payload"),
            RedisMapping.set("{id}", "value").expireAfter("lifetime"),
            RedisMapping.zadd("{id}", "score", "value"))) {
      assertThatThrownBy(() -> redis.writer().map(schema, mapping))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("'sessions'");
    }
  }

  @Test
  void aConflictKeyThatIsNotWhatTheCommandWritesTo() {
    Schema tenants =
        Schema.table("tenants")
            .columns("tenant", "id", "value")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();

    assertThatThrownBy(
            () -> redis.writer().map(tenants, RedisMapping.set("{tenant}:{id}", "value")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("id, tenant")
        .hasMessageContaining("Make them the same");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "a{}", "}", "{a", "a}b", "{{a}", "x:{id}}"})
  void aTemplateWhoseBracesDoNotMatch(String template) {
    assertThatThrownBy(() -> RedisMapping.set(template, "value"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(template);
  }

  @ParameterizedTest
  @ValueSource(strings = {"multi", "SUBSCRIBE", "BLPOP", "select", "", "TWO WORDS"})
  void aCommandThatWouldHarmTheConnection(String name) {
    assertThatThrownBy(() -> RedisMapping.command(name, "{id}"))
        .isInstanceOf(InvalidConfigurationException.class);
  }

  @Test
  void aSchemaWithoutAMapping() {
    Schema unknown = Schema.table("unknown").columns("id").build();
    RedisBatchWriter writer = redis.writer().build();

    assertThatThrownBy(
            () ->
                writer
                    .write(new Batch(unknown, List.of(unknown.row().set("id", 1))))
                    .block(Sandbox.PATIENCE))
        .isInstanceOf(RedisWriteException.class)
        .hasMessageContaining("no mapping")
        .extracting(failure -> ((RedisWriteException) failure).kind())
        .isEqualTo(FailureKind.UNUSABLE);
    writer.close().block(Sandbox.PATIENCE);
  }
}
