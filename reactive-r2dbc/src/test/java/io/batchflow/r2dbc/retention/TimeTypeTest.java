package io.batchflow.r2dbc.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** A time before the cut-off has passed, whatever the clocks showed. */
class TimeTypeTest {

  /** Zones whose clocks go back by an hour or half an hour, or that skipped a day. */
  private static final List<ZoneId> ZONES =
      List.of(
          ZoneId.of("Europe/Berlin"),
          ZoneId.of("Australia/Lord_Howe"),
          ZoneId.of("Pacific/Apia"),
          ZoneOffset.UTC);

  @Provide
  Arbitrary<ZoneId> zones() {
    return Arbitraries.of(ZONES);
  }

  /** Returns moments near the changes of the clocks, of which each zone has some. */
  @Provide
  Arbitrary<Instant> moments() {
    List<Instant> changes =
        ZONES.stream()
            .map(zone -> zone.getRules().nextTransition(Instant.parse("2011-06-01T00:00:00Z")))
            .filter(change -> change != null)
            .flatMap(
                change ->
                    List.of(change.getInstant(), change.getInstant().plus(Duration.ofDays(182)))
                        .stream())
            .toList();
    return Arbitraries.of(changes)
        .flatMap(
            change ->
                Arbitraries.longs()
                    .between(-100_000_000_000L, 100_000_000_000L)
                    .map(micros -> change.plus(micros / 10, ChronoUnit.MICROS)));
  }

  @Property
  void aLocalTimeBeforeTheCutOffHasPassedForTheLastTime(
      @ForAll("zones") ZoneId zone,
      @ForAll("moments") Instant cut,
      @ForAll @LongRange(min = -200, max = 200) long minutes) {
    LocalDateTime cutOff = local(TimeType.LOCAL.cutOff(cut, zone, ChronoUnit.MICROS));
    LocalDateTime row = LocalDateTime.ofInstant(cut, zone).plusMinutes(minutes);

    Instant last =
        zone.getRules().getValidOffsets(row).stream()
            .map(row::toInstant)
            .max(Comparator.naturalOrder())
            .orElse(Instant.MIN);
    if (row.isBefore(cutOff)) {
      assertThat(last).isBefore(cut);
    }
    if (last.isAfter(Instant.MIN) && last.isBefore(cut.minus(Duration.ofHours(2)))) {
      assertThat(row).isBefore(cutOff);
    }
  }

  private static LocalDateTime local(String text) {
    return LocalDateTime.parse(text.replace(' ', 'T'));
  }

  @Example
  void withoutAZoneATimeIsThatOfTheLastZone() {
    Instant cut = Instant.parse("2026-11-28T10:00:00.123456Z");

    assertThat(TimeType.LOCAL.cutOff(cut, null, ChronoUnit.MICROS))
        .isEqualTo("2026-11-27 22:00:00.123456");
    assertThat(TimeType.DATE.cutOff(cut, null, ChronoUnit.MICROS)).isEqualTo("2026-11-27");
    assertThat(TimeType.DATE.cutOff(cut, ZoneOffset.UTC, ChronoUnit.MICROS))
        .isEqualTo("2026-11-28");
    assertThat(TimeType.MOMENT.cutOff(cut, ZoneOffset.MIN, ChronoUnit.MICROS))
        .isEqualTo("2026-11-28 10:00:00.123456");
    assertThat(TimeType.EPOCH.cutOff(cut, null, ChronoUnit.SECONDS))
        .isEqualTo(Long.toString(cut.getEpochSecond()));
  }

  @Example
  void eachTypeOfADatabaseIsKnown() {
    assertThat(TimeType.of("timestamp with time zone", false)).isEqualTo(TimeType.MOMENT);
    assertThat(TimeType.of("TIMESTAMP(6) WITH TIME ZONE", false)).isEqualTo(TimeType.MOMENT);
    assertThat(TimeType.of("timestamp without time zone", false)).isEqualTo(TimeType.LOCAL);
    assertThat(TimeType.of("timestamp(3)", true)).isEqualTo(TimeType.MOMENT);
    assertThat(TimeType.of("datetime(6)", true)).isEqualTo(TimeType.LOCAL);
    assertThat(TimeType.of("date", true)).isEqualTo(TimeType.DATE);
    assertThat(TimeType.of("bigint(20) unsigned", true)).isEqualTo(TimeType.EPOCH);
    assertThat(TimeType.of("interval", false)).isNull();
    assertThat(TimeType.of("time(6)", true)).isNull();
  }
}
