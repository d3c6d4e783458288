package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.lettuce.core.ScriptOutputType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

/** Rows are merged exactly if they give Redis the same bytes. */
@Tag("server")
class KeyEqualityTest {

  /** The rows of each group have the same key. */
  private static final List<List<Object>> KEYS =
      List.of(
          List.of(1, 1L, (short) 1, "1", '1', BigInteger.ONE, BigDecimal.ONE, bytes("1")),
          List.of(new BigDecimal("1.0"), "1.0", 1.0),
          List.of(new BigDecimal("1.00"), "1.00", ByteBuffer.wrap(bytes("1.00"))),
          List.of("a", 'a', CharBuffer.wrap("a")),
          List.of("A"),
          List.of("é", bytes("é")),
          List.of("e\u0301"),
          List.of(new byte[] {(byte) 0xff}),
          List.of(new UUID(0, 1), new UUID(0, 1).toString()));

  private final Sandbox redis = Sandbox.open();

  @AfterEach
  void cleanUp() {
    redis.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Schema schema(ConflictStrategy how, List<String> key, String... columns) {
    return Schema.table("kv").columns(columns).conflictKey(key).onConflict(how).build();
  }

  /** Writes rows, all of which must be written. Returns how many were merged. */
  private static long write(RedisBatchWriter writer, int concurrency, int size, List<Row> rows) {
    BatchFlow flow =
        BatchFlow.builder(writer)
            .concurrency(concurrency)
            .defaultPolicy(
                BatchPolicy.builder()
                    .maxSize(size)
                    .maxDelay(Duration.ofMillis(20))
                    .lingerWhenIdle(true)
                    .build())
            .build();
    assertThat(flow.submitAll(Flux.fromIterable(rows)).collectList().block(Sandbox.PATIENCE))
        .hasSize(rows.size())
        .allMatch(Outcome::isWritten);
    long merged = flow.stats().merged();
    flow.close().block(Sandbox.PATIENCE);
    return merged;
  }

  @ParameterizedTest
  @EnumSource(value = ConflictStrategy.class, mode = EnumSource.Mode.EXCLUDE, names = "FAIL")
  void keysOfTheSameBytesAreOneKeyAndOthersAreNot(ConflictStrategy how) {
    Schema schema = schema(how, List.of("k"), "k", "v");
    for (String template : List.of("{k}", "{{{k}}}", "{k}:{k}")) {
      String prefix = redis.key(UUID.randomUUID() + ":");
      List<Row> rows = new ArrayList<>();
      for (List<Object> group : KEYS) {
        for (int i = 0; i < group.size(); i++) {
          rows.add(schema.row().set("k", group.get(i)).set("v", i));
        }
      }
      Collections.shuffle(rows, new Random(7));
      Map<ByteBuffer, String> expected = new HashMap<>();
      for (Row row : rows) {
        ByteBuffer key = ByteBuffer.wrap(StandardCodec.INSTANCE.encode("k", row.value(0)));
        String value = String.valueOf(row.value(1));
        expected.merge(key, value, (old, next) -> how == ConflictStrategy.IGNORE ? old : next);
      }
      RedisBatchWriter writer =
          redis.writer().map(schema, RedisMapping.set(prefix + template, "v")).build();

      assertThat(write(writer, 1, 1_000, rows)).isEqualTo(rows.size() - KEYS.size());
      String script =
          "local r = {} for i, k in ipairs(redis.call('KEYS', ARGV[1])) do"
              + " r[i] = redis.call('GET', k) end return r"; // since a key may not be a text
      List<String> stored =
          redis.sync().eval(script, ScriptOutputType.MULTI, new String[0], prefix + "*");
      assertThat(stored).containsExactlyInAnyOrderElementsOf(expected.values());
    }
  }

  /** With {@code x:y} and {@code z} the key is the same as with {@code x} and {@code y:z}. */
  @Test
  void columnsThatMakeTheSameKeyAreOneKey() {
    Schema schema = schema(ConflictStrategy.UPDATE, List.of("a", "b"), "a", "b", "v");
    RedisMapping mapping = RedisMapping.set(redis.key("{a}:{b}"), "v");
    List<Row> rows =
        List.of(
            schema.row().set("a", "x").set("b", "y:z").set("v", "first"),
            schema.row().set("a", "x:y").set("b", "z").set("v", "last"));
    for (boolean turned : new boolean[] {false, true}) {
      List<Row> sent = new ArrayList<>(rows);
      if (turned) {
        Collections.reverse(sent);
      }
      assertThat(write(redis.writer().map(schema, mapping).build(), 1, 10, sent)).isEqualTo(1);
      assertThat(redis.sync().get(redis.key("x:y:z"))).isEqualTo(turned ? "first" : "last");
    }
  }

  @Test
  void fieldsOfOneHashAreTheirBytes() {
    Schema schema = schema(ConflictStrategy.UPDATE, List.of("k", "f"), "k", "f", "v");
    RedisMapping mapping = RedisMapping.hset(redis.key("{k}"), "f", "v");
    List<Object> fields = List.of(1, "1", new BigDecimal("1.0"), new BigDecimal("1.00"), 1L);
    List<Row> rows =
        IntStream.range(0, fields.size())
            .mapToObj(i -> schema.row().set("k", 7).set("f", fields.get(i)).set("v", i))
            .toList();

    assertThat(write(redis.writer().map(schema, mapping).build(), 1, 10, rows)).isEqualTo(2);
    assertThat(redis.sync().hgetall(redis.key("7")))
        .isEqualTo(Map.of("1", "4", "1.0", "2", "1.00", "3"));
  }

  @Test
  void theLastSubmissionOfAKeyWinsAcrossBatches() {
    Schema schema = schema(ConflictStrategy.UPDATE, List.of("k"), "k", "v");
    RedisMapping mapping = RedisMapping.set(redis.key("{k}"), "v");
    List<Object> ones = KEYS.get(0);
    List<Row> rows =
        IntStream.range(0, 2_000)
            .mapToObj(i -> schema.row().set("k", ones.get(i % ones.size())).set("v", i))
            .toList();

    write(redis.writer().map(schema, mapping).build(), 8, 3, rows);
    assertThat(redis.sync().get(redis.key("1"))).isEqualTo("1999");
  }
}
