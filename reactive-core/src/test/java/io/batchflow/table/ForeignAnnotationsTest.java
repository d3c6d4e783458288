package io.batchflow.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.ConflictStrategy;
import io.batchflow.InvalidSchemaException;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.annotation.Ignore;
import io.batchflow.spi.ColumnCodec;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.ReadOnlyProperty;
import org.springframework.data.annotation.Transient;
import org.springframework.data.relational.core.mapping.Column;
import org.springframework.data.relational.core.mapping.Embedded;
import org.springframework.data.relational.core.mapping.InsertOnlyProperty;
import org.springframework.data.relational.core.mapping.MappedCollection;
import org.springframework.data.relational.core.mapping.Table;

/** Entities of Spring Data and of Jakarta Persistence are mapped as they are. */
class ForeignAnnotationsTest {

  private record City(String name, String zip) {}

  @Table(name = "customers", schema = "crm")
  private record Customer(
      @Id Long id,
      @Column("full_name") String name,
      @Embedded.Nullable(prefix = "home_") City home,
      @Embedded(onEmpty = Embedded.OnEmpty.USE_NULL, prefix = "work_") City work,
      @InsertOnlyProperty String source,
      @ReadOnlyProperty String computed,
      @Transient String note) {}

  @Test
  void anEntityOfSpringDataIsMapped() {
    Schema schema =
        RowMapper.builder(Customer.class).onConflict(ConflictStrategy.UPDATE).build().schema();

    assertThat(schema.tablePath()).containsExactly("crm", "customers");
    assertThat(schema.columns())
        .containsExactly(
            "id", "full_name", "home_name", "home_zip", "work_name", "work_zip", "source");
    assertThat(schema.conflictKey()).containsExactly("id");
    assertThat(schema.updateColumns()).doesNotContain("source").hasSize(5);
  }

  @Test
  void anIdThatIsNullIsMadeByTheDatabaseUnderFail() {
    RowMapper<Customer> mapper = RowMapper.of(Customer.class);
    Row fresh = mapper.schema().row();
    mapper.map(new Customer(null, "Ada", null, null, null, null, null), fresh);
    Row known = mapper.schema().row();
    mapper.map(new Customer(7L, "Ada", null, null, null, null, null), known);

    assertThat(fresh.freeze().isSet(0)).isFalse();
    assertThat(known.freeze().value(0)).isEqualTo(7L);
    assertThat(mapper.schema().conflictKey()).isEmpty();
  }

  enum Color {
    RED,
    GREEN
  }

  @Entity
  @jakarta.persistence.Table(name = "cars", catalog = "main", schema = "fleet")
  static class Car {

    @jakarta.persistence.Id @GeneratedValue private Long id;

    @jakarta.persistence.Column(name = "plate_no", updatable = false)
    private final String plate = "B-1";

    private final Color paint = Color.GREEN;

    @Enumerated(EnumType.STRING)
    private final Color inside = Color.RED;

    @jakarta.persistence.Transient private final int cache = 1;

    @jakarta.persistence.Column(insertable = false)
    private final int computed = 2;

    public Long getId() {
      return id;
    }

    public String getPlate() {
      return plate;
    }

    public Color getPaint() {
      return paint;
    }

    public Color getInside() {
      return inside;
    }

    public int getCache() {
      return cache;
    }

    public int getComputed() {
      return computed;
    }

    public String getTitle() {
      return "an entity stores its fields";
    }
  }

  @Test
  void anEntityOfJakartaPersistenceIsMapped() {
    RowMapper<Car> mapper = RowMapper.of(Car.class);
    Row row = mapper.schema().row();
    mapper.map(new Car(), row);

    assertThat(mapper.schema().tablePath()).containsExactly("main", "fleet", "cars");
    assertThat(mapper.schema().columns()).containsExactly("id", "plate_no", "paint", "inside");
    assertThat(row.isSet(0)).isFalse();
    assertThat(List.of(row.value(1), row.value(2), row.value(3))).containsExactly("B-1", 1, "RED");
    assertThat(
            RowMapper.builder(Car.class)
                .onConflict(ConflictStrategy.UPDATE)
                .build()
                .schema()
                .updateColumns())
        .containsExactly("paint", "inside");
  }

  @Entity(name = "Seat")
  record Numbered(@EmbeddedId SeatId id, String guest) {}

  record SeatId(int line, int place) {}

  @Test
  void anEmbeddedIdIsTheKey() {
    Schema schema = RowMapper.of(Numbered.class).schema();

    assertThat(schema.table()).isEqualTo("seat");
    assertThat(schema.columns()).containsExactly("line", "place", "guest");
    assertThat(schema.conflictKey()).containsExactly("line", "place");
  }

  record Many(long id, @OneToMany List<Car> cars) {}

  record One(long id, @ManyToOne Car car) {}

  record Mapped(long id, @MappedCollection Set<City> cities) {}

  @Test
  void aRelationIsRefusedByItsName() {
    assertThatThrownBy(() -> RowMapper.of(Many.class))
        .isInstanceOf(InvalidSchemaException.class)
        .hasMessage(
            "Schema of table 'many': property 'cars' of class "
                + Many.class.getTypeName()
                + " is a relation (@OneToMany). A row has the columns of one table: annotate it with"
                + " @Ignore, and give the foreign key a property of its own.");
    assertThatThrownBy(() -> RowMapper.of(One.class)).hasMessageContaining("@ManyToOne");
    assertThatThrownBy(() -> RowMapper.of(Mapped.class)).hasMessageContaining("@MappedCollection");
  }

  record Left(long id, @Ignore @ManyToOne Car car, long carId) {}

  @Test
  void aRelationMayBeLeftOut() {
    assertThat(RowMapper.of(Left.class).schema().columns()).containsExactly("id", "car_id");
  }

  static final class Upper implements AttributeConverter<String, String> {

    @Override
    public String convertToDatabaseColumn(String value) {
      return value;
    }

    @Override
    public String convertToEntityAttribute(String value) {
      return value;
    }
  }

  record Converted(long id, @Convert(converter = Upper.class) String name) {}

  @Test
  void aConverterIsRefusedUnlessACodecTakesItsPlace() {
    assertThatThrownBy(() -> RowMapper.of(Converted.class))
        .hasMessageContaining("property 'name' of class")
        .hasMessageContaining("has a @Convert, which is not read");
    assertThat(
            RowMapper.builder(Converted.class)
                .codec("name", (ColumnCodec<String>) String::toUpperCase)
                .build()
                .schema()
                .columns())
        .containsExactly("id", "name");
  }

  @Entity
  static class Fieldly {

    @jakarta.persistence.Id private long id;
    String note;

    public long getId() {
      return id;
    }
  }

  @Test
  void aFieldOfAnEntityWithoutAGetterIsNotLostInSilence() {
    assertThatThrownBy(() -> RowMapper.of(Fieldly.class))
        .hasMessageContaining("property 'note' of class")
        .hasMessageContaining("has no public getter");
  }
}
