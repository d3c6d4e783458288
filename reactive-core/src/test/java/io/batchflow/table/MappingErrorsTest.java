package io.batchflow.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.ConflictStrategy;
import io.batchflow.InvalidRowException;
import io.batchflow.InvalidSchemaException;
import io.batchflow.annotation.Column;
import io.batchflow.annotation.Embedded;
import io.batchflow.annotation.Key;
import io.batchflow.annotation.Table;
import io.batchflow.spi.ColumnCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A class that cannot be mapped is refused with its name, the property and what to do. */
class MappingErrorsTest {

  @Table(onConflict = ConflictStrategy.UPDATE)
  private record Keyless(long id) {}

  @Table(onConflict = ConflictStrategy.UPDATE)
  private record KeyAlone(@Key long id) {}

  @Table(onConflict = ConflictStrategy.UPDATE)
  private record Frozen(@Key long id, @Column(updatable = false) String name) {}

  private record Twice(long a, @Column("a") long b) {}

  private record Inner(int id) {}

  private record Clash(int id, @Embedded Inner inner) {}

  private record WithMap(long id, Map<String, String> attributes) {}

  private record WithRecord(long id, Inner inner) {}

  private record WithRecords(long id, List<Inner> inners) {}

  private record WithOptional(long id, Optional<Inner> inner) {}

  private record WithThread(long id, Thread thread) {}

  private record Recursive(long id, @Embedded(prefix = "up_") Recursive parent) {}

  private record EmbeddedText(@Embedded String text) {}

  private record Empty() {}

  static final class Shy {

    @Key private final long id = 1;
    private final String name = "";

    public String getName() {
      return name + id;
    }
  }

  static final class Picky implements ColumnCodec<String> {

    private final int number;

    Picky(int number) {
      this.number = number;
    }

    @Override
    public Object encode(String value) {
      return value + number;
    }
  }

  private record Uncodable(@Column(codec = Picky.class) String text) {}

  private record Case(Class<?> type, String problem) {}

  static Stream<Named<Case>> cases() {
    return Stream.of(
            new Case(Keyless.class, "class %s has no key, which UPDATE needs. Annotate"),
            new Case(Frozen.class, "class %s has no column that UPDATE may overwrite. Use IGNORE"),
            new Case(
                Twice.class,
                "property 'b' of class %s has the column 'a', and so has property 'a'. Name"),
            new Case(
                Clash.class,
                "property 'inner.id' of class %s has the column 'id', and so has property 'id'."),
            new Case(
                WithMap.class,
                "property 'attributes' of class %s has the type java.util.Map<java.lang.String,"
                    + " java.lang.String>, which no column can hold. Give it a ColumnCodec"),
            new Case(WithRecord.class, "property 'inner' of class %s has the type"),
            new Case(WithRecords.class, "property 'inners' of class %s has the type"),
            new Case(WithOptional.class, "property 'inner' of class %s has the type"),
            new Case(
                WithThread.class, "property 'thread' of class %s has the type java.lang.Thread"),
            new Case(
                Recursive.class, "property 'parent' of class %s embeds an object of its own class"),
            new Case(
                EmbeddedText.class,
                "property 'text' of class %s is embedded, but java.lang.String has no properties"),
            new Case(Empty.class, "class %s has no properties. Make it a record"),
            new Case(Shy.class, "property 'id' of class %s has no public getter. Add one"),
            new Case(Uncodable.class, "property 'text' of class %s has the codec"),
            new Case(String.class, "class %s is a value, not an object"),
            new Case(int[].class, "class %s is a value, not an object"),
            new Case(Thread.State.class, "class %s is a value, not an object"))
        .map(each -> Named.of(each.type.getSimpleName(), each));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void eachBadClassHasAMessageOfItsOwn(Case each) {
    assertThatThrownBy(() -> RowMapper.of(each.type))
        .isInstanceOf(InvalidSchemaException.class)
        .hasMessageStartingWith("Schema of table '")
        .hasMessageContaining(each.problem.formatted(each.type.getTypeName()));
  }

  @Test
  void aKeyAloneIsEnoughForUpdate() {
    assertThat(RowMapper.of(KeyAlone.class).schema().updateColumns()).isEmpty();
  }

  @Test
  void aPropertyThatTheBuilderNamesMustExist() {
    assertThatThrownBy(() -> RowMapper.builder(KeyAlone.class).key("idd").build())
        .isInstanceOf(InvalidSchemaException.class)
        .hasMessageContaining("has no property 'idd'. Correct the name");
  }

  private record Holder(long id, @Embedded(prefix = "in_") Inner inner) {}

  private record Priced(@Column(codec = Never.class) int price) {}

  private static final class Never implements ColumnCodec<Integer> {

    @Override
    public Object encode(Integer value) {
      return null;
    }
  }

  @Test
  void aNullForAPrimitiveCostsItsRow() {
    RowMapper<Holder> holders = RowMapper.of(Holder.class);
    RowMapper<Priced> priced = RowMapper.of(Priced.class);

    assertThatThrownBy(() -> holders.map(new Holder(1, null), holders.schema().row()))
        .isInstanceOf(InvalidRowException.class)
        .hasMessage(
            "Row for table 'holder': property 'inner.id' of class "
                + Holder.class.getTypeName()
                + " is null, although it is a primitive int. Use its wrapper class if the column may"
                + " be null, else give it a value.");
    assertThatThrownBy(() -> priced.map(new Priced(1), priced.schema().row()))
        .isInstanceOf(InvalidRowException.class)
        .hasMessageContaining("property 'price' of class");
  }
}
