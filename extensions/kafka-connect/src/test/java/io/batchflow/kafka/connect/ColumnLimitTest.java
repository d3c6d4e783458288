package io.batchflow.kafka.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnLimitTest {

  private static ColumnLimit limit(String type) {
    return Objects.requireNonNull(ColumnLimit.of(type));
  }

  @ParameterizedTest
  @ValueSource(strings = {"integer", "INTEGER", "int(11)", "int"})
  void integersHaveARange(String type) {
    assertThat(limit(type).takes(2_147_483_647L)).isTrue();
    assertThat(limit(type).takes(-2_147_483_648L)).isTrue();
    assertThat(limit(type).takes(2_147_483_648L)).isFalse();
    assertThat(limit(type).takes(-2_147_483_649L)).isFalse();
    assertThat(limit(type).takes(3e9)).isFalse();
    assertThat(limit(type).takes(new BigDecimal("3e9"))).isFalse();
    assertThat(limit(type).takes("text")).isTrue();
  }

  @Test
  void aBigintTakesEachLong() {
    assertThat(limit("bigint").takes(Long.MAX_VALUE)).isTrue();
    assertThat(limit("bigint").takes(Long.MIN_VALUE)).isTrue();
    assertThat(limit("bigint").takes(BigInteger.TWO.pow(64))).isFalse();
  }

  @Test
  void decimalsHaveDigitsBeforeThePoint() {
    assertThat(limit("numeric(5,2)").takes(new BigDecimal("999.994"))).isTrue();
    assertThat(limit("DECIMAL(5, 2)").takes(new BigDecimal("-1000.01"))).isFalse();
    assertThat(limit("numeric(5,2)").takes(1_000)).isFalse();
    assertThat(limit("numeric(5)").takes(99_999L)).isTrue();
  }

  @Test
  void textsHaveALength() {
    assertThat(limit("character varying(3)").takes("tea")).isTrue();
    assertThat(limit("varchar(3)").takes("milk")).isFalse();
    assertThat(limit("CHARACTER VARYING(3)").takes("\uD83C\uDF75\uD83C\uDF75")).isTrue();
  }

  @Test
  void aRealHasARange() {
    assertThat(limit("real").takes((double) Float.MAX_VALUE)).isTrue();
    assertThat(limit("real").takes(1e39)).isFalse();
    assertThat(limit("real").takes(Double.NaN)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"numeric", "text", "int(11) unsigned", "double precision", "jsonb", "integer[]"})
  void otherTypesHaveNone(String type) {
    assertThat(ColumnLimit.of(type)).isNull();
  }

  @Test
  void onlyWiderTypesKeepAllValues() {
    assertThat(limit("integer").widensTo(ColumnKind.BIGINT, 0)).isTrue();
    assertThat(limit("integer").widensTo(ColumnKind.DOUBLE, 0)).isFalse();
    assertThat(limit("real").widensTo(ColumnKind.DOUBLE, 0)).isTrue();
    assertThat(limit("numeric(5,2)").widensTo(ColumnKind.DECIMAL, 2)).isTrue();
    assertThat(limit("numeric(5,2)").widensTo(ColumnKind.DECIMAL, 1)).isFalse();
    assertThat(limit("varchar(3)").widensTo(ColumnKind.TEXT, 0)).isFalse();
  }
}
