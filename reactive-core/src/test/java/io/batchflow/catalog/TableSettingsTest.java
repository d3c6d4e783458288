package io.batchflow.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchPolicy;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Overflow;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A setting that is unset differs from zero and from false. */
class TableSettingsTest {

  private static final TableSettings ALL =
      TableSettings.builder()
          .bufferSize(5_000)
          .flushInterval(Duration.ofSeconds(10))
          .maxBytes(1L << 20)
          .lingerWhenIdle(false)
          .concurrency(2)
          .overflow(Overflow.FAIL)
          .deliveryTimeout(Duration.ofMinutes(1))
          .maxPausedRows(100)
          .share(0.3)
          .reserved(1)
          .retentionDays(0)
          .backupEnabled(false)
          .property("owner", "sales")
          .build();

  @Test
  void whatIsUnsetHasTheValueOfTheDefaults() {
    TableSettings defaults =
        TableSettings.builder()
            .retentionDays(30)
            .backupEnabled(true)
            .bufferSize(2_000)
            .property("owner", "nobody")
            .property("region", "eu")
            .build();
    TableSettings own =
        TableSettings.builder()
            .retentionDays(0)
            .backupEnabled(false)
            .property("owner", "me")
            .build();

    TableSettings both = own.withDefaults(defaults);

    assertThat(both.retentionDays()).isZero();
    assertThat(both.backupEnabled()).isFalse();
    assertThat(both.bufferSize()).isEqualTo(2_000);
    assertThat(both.flushInterval()).isNull();
    assertThat(both.properties()).isEqualTo(Map.of("owner", "me", "region", "eu"));
  }

  @Test
  void aPolicyKeepsWhatIsUnset() {
    BatchPolicy own = BatchPolicy.builder().maxSize(7).maxDelay(Duration.ofMillis(3)).build();

    BatchPolicy policy = TableSettings.builder().flushInterval(Duration.ZERO).build().applyTo(own);

    assertThat(policy.maxSize()).isEqualTo(7);
    assertThat(policy.maxDelay()).isZero();
  }

  @Test
  void eachOptionReachesThePolicy() {
    BatchPolicy policy = ALL.applyTo(BatchPolicy.defaults());

    assertThat(policy.maxSize()).isEqualTo(5_000);
    assertThat(policy.maxDelay()).isEqualTo(Duration.ofSeconds(10));
    assertThat(policy.maxBytes()).isEqualTo(1L << 20);
    assertThat(policy.lingerWhenIdle()).isFalse();
    assertThat(policy.concurrency()).isEqualTo(2);
    assertThat(policy.overflow()).isEqualTo(Overflow.FAIL);
    assertThat(policy.deliveryTimeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(policy.maxPausedRows()).isEqualTo(100);
    assertThat(policy.share()).isEqualTo(0.3);
    assertThat(policy.reserved()).isEqualTo(1);
  }

  @Test
  void textsAreReadAsTheyAreWritten() {
    assertThat(TableSettings.of(ALL.asMap())).isEqualTo(ALL).hasSameHashCodeAs(ALL);
    assertThat(ALL.asMap())
        .containsEntry("buffer_size", "5000")
        .containsEntry("flush_interval", "PT10S")
        .containsEntry("overflow", "fail")
        .containsEntry("properties.owner", "sales");
    assertThat(TableSettings.none().asMap()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "500ms,PT0.5S",
    "10s,PT10S",
    "5m,PT5M",
    "1h,PT1H",
    "1d,PT24H",
    "PT3S,PT3S",
    "0s,PT0S"
  })
  void timesAreSpelledInManyWays(String text, Duration time) {
    assertThat(TableSettings.of(Map.of("flush_interval", text)).flushInterval()).isEqualTo(time);
  }

  @ParameterizedTest
  @CsvSource({
    "bufer_size,1,is unknown",
    "buffer_size,0,Give a number from 1 to 2147483647",
    "buffer_size,many,Give a number from 1 to 2147483647",
    "flush_interval,2d,'Give a time from zero to a day, such as 500ms or 10s'",
    "flush_interval,-1s,Give a time from zero to a day",
    "delivery_timeout,0s,Give a time longer than zero to a day",
    "overflow,drop,Give wait or fail",
    "share,0,'Give a number above 0, at most 1'",
    "share,1.5,'Give a number above 0, at most 1'",
    "share,NaN,'Give a number above 0, at most 1'",
    "reserved,-1,Give a number from 0 to 2147483647",
    "backup_enabled,yes,Give true or false",
    "retention_days,-1,Give a number from 0 to 36500",
    "properties.a b,text,has the name 'a b'"
  })
  void invalidTextsAreRefused(String key, String text, String message) {
    assertThatThrownBy(() -> TableSettings.of(Map.of(key, text)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(message);
  }

  @Test
  void contradictionsAreRefused() {
    TableSettings defaults = TableSettings.builder().deliveryTimeout(Duration.ofSeconds(5)).build();
    TableSettings own = TableSettings.builder().flushInterval(Duration.ofSeconds(10)).build();

    assertThatThrownBy(() -> own.withDefaults(defaults))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("is not shorter than delivery_timeout");
  }

  @Test
  void propertiesAreBounded() {
    TableSettings.Builder builder = TableSettings.builder();
    for (int i = 0; i < 33; i++) {
      builder.property("p" + i, "v");
    }
    assertThatThrownBy(builder::build).isInstanceOf(InvalidConfigurationException.class);
    assertThatThrownBy(() -> TableSettings.builder().property("a", "x".repeat(1_001)))
        .isInstanceOf(InvalidConfigurationException.class);
    assertThatThrownBy(() -> TableSettings.builder().property("a", "\0"))
        .isInstanceOf(InvalidConfigurationException.class);
    assertThatThrownBy(() -> TableSettings.builder().property("a", "\ud800"))
        .isInstanceOf(InvalidConfigurationException.class);
  }

  @Test
  void valuesOfPropertiesAreNotPrinted() {
    assertThat(ALL.toString()).contains("owner").doesNotContain("sales");
  }
}
