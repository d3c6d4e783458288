package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisURI;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One bad row costs one row, even if one command writes many. */
@Tag("server")
class GuiltyRowTest {

  private static final int ROWS = 600;
  private static final Set<Integer> GUILTY = Set.of(0, 7, 300, 599);

  private final Sandbox redis = Sandbox.open();
  private final String user = "narrow-" + UUID.randomUUID();

  @AfterEach
  void cleanUp() {
    redis.sync().aclDeluser(user);
    redis.close();
  }

  private static Schema pairs(ConflictStrategy strategy) {
    return Schema.table("pairs").columns("k", "v").conflictKey("k").onConflict(strategy).build();
  }

  private RedisBatchWriter.Builder narrow(AclSetuserArgs rights) {
    redis.sync().aclSetuser(user, rights.on().addPassword("p"));
    RedisURI server = RedisURI.create(Sandbox.uri());
    return RedisBatchWriter.builder(
        "redis://" + user + ":p@" + server.getHost() + ":" + server.getPort());
  }

  private List<Row> rows(Schema schema, IntPredicate guilty, Object bad) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      boolean forbidden = guilty.test(i) && bad.equals("");
      rows.add(
          schema
              .row()
              .set("k", redis.key((forbidden ? "no:" : "ok:") + i))
              .set("v", guilty.test(i) && !forbidden ? bad : "v" + i)
              .tag(i));
    }
    return rows;
  }

  private static Set<Integer> rejected(List<Outcome<Row>> outcomes) {
    assertThat(outcomes).hasSize(ROWS);
    return outcomes.stream()
        .filter(outcome -> !outcome.isWritten())
        .peek(
            outcome ->
                assertThat(outcome.status()).isIn(OutcomeStatus.REJECTED, OutcomeStatus.INVALID))
        .map(outcome -> (Integer) outcome.row().tag())
        .collect(Collectors.toSet());
  }

  private void assertOthersStored() {
    assertThat(redis.keys())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, ROWS)
                .filter(i -> !GUILTY.contains(i))
                .mapToObj(i -> redis.key("ok:" + i))
                .toList());
  }

  @ParameterizedTest
  @EnumSource(ConflictStrategy.class)
  void aKeyThatAnAclForbidsCostsItsRow(ConflictStrategy strategy) {
    Schema schema = pairs(strategy);
    RedisBatchWriter writer =
        narrow(AclSetuserArgs.Builder.allCommands().keyPattern(redis.key("ok:*")))
            .map(schema, RedisMapping.set("{k}", "v"))
            .build();

    assertThat(rejected(Sandbox.submitTogether(writer, rows(schema, GUILTY::contains, ""))))
        .isEqualTo(GUILTY);
    assertOthersStored();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 600})
  void aKeyThatAnAclForbidsCostsItsRowInATransaction(int rows) {
    Schema schema = pairs(ConflictStrategy.UPDATE);
    RedisBatchWriter writer =
        narrow(AclSetuserArgs.Builder.allCommands().keyPattern(redis.key("ok:*")))
            .atomic()
            .map(schema, RedisMapping.set("{k}", "v"))
            .build();

    List<Outcome<Row>> outcomes =
        Sandbox.submitTogether(writer, rows(schema, GUILTY::contains, "").subList(0, rows));

    assertThat(outcomes.stream().filter(outcome -> !outcome.isWritten()))
        .allMatch(outcome -> GUILTY.contains(outcome.row().tag()))
        .hasSize((int) GUILTY.stream().filter(row -> row < rows).count());
  }

  /** A user may have the right to one command but not to another. */
  @ParameterizedTest
  @EnumSource(
      value = ConflictStrategy.class,
      names = {"REPLACE", "UPDATE"})
  void whoMayNotSetManyAtOnceSetsThemOneByOne(ConflictStrategy strategy) {
    Schema schema = pairs(strategy);
    RedisBatchWriter writer =
        narrow(AclSetuserArgs.Builder.allCommands().removeCommand(CommandType.MSET).allKeys())
            .map(schema, RedisMapping.set("{k}", "v"))
            .build();

    assertThat(rejected(Sandbox.submitTogether(writer, rows(schema, i -> false, "")))).isEmpty();
  }

  private static List<Object> itself() {
    List<Object> list = new ArrayList<>();
    list.add(Collections.singletonList(list));
    return list;
  }

  /** An exception of a codec affects only its row, even for a collection that contains itself. */
  @ParameterizedTest
  @ValueSource(strings = {"thrown", "overflow", "no codec"})
  void aValueThatCannotBeEncodedCostsItsRow(String what) {
    Map<String, Object> values = new HashMap<>();
    values.put(
        "thrown",
        new Object() {
          @Override
          public String toString() {
            throw new ArithmeticException("s3cr3t");
          }
        });
    values.put("overflow", itself());
    values.put("no codec", new Thread());
    Schema schema = pairs(ConflictStrategy.UPDATE);
    RedisBatchWriter.Builder builder = redis.writer().map(schema, RedisMapping.set("{k}", "v"));
    if (!what.equals("no codec")) {
      builder.codec((column, value) -> value.toString().getBytes(StandardCharsets.UTF_8));
    }
    List<Outcome<Row>> outcomes =
        Sandbox.submitTogether(builder.build(), rows(schema, GUILTY::contains, values.get(what)));

    assertThat(rejected(outcomes)).isEqualTo(GUILTY);
    assertOthersStored();
  }
}
