package io.batchflow.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Row;
import io.batchflow.annotation.Column;
import io.batchflow.annotation.Embedded;
import io.batchflow.annotation.Ignore;
import io.batchflow.annotation.Key;
import io.batchflow.annotation.Table;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The public getters of a bean are the columns of its row. */
class BeanMapperTest {

  abstract static class Base<I> {

    @Key private final I id;
    private final Instant createdAt = Instant.EPOCH;

    Base(I id) {
      this.id = id;
    }

    public I getId() {
      return id;
    }

    public Instant getCreatedAt() {
      return createdAt;
    }
  }

  @Table("accounts")
  static final class Account extends Base<Long> {

    private static final int CONSTANT = 1;

    private final boolean active = true;
    private final String ownerName;
    private final transient int cached = 1;

    @Column("home")
    private final String URL = "u";

    private final int internal = 3;

    Account(long id, String ownerName) {
      super(id);
      this.ownerName = ownerName;
    }

    public String getOwnerName() {
      return ownerName;
    }

    public boolean isActive() {
      return active;
    }

    public int getCached() {
      return cached;
    }

    public String getURL() {
      return URL;
    }

    public String getGreeting() {
      return "Hello " + ownerName + internal;
    }

    @Ignore
    public String getPassword() {
      return "no column";
    }

    public String get() {
      return "no property";
    }

    public String getter() {
      return "no property";
    }

    public String getWith(int parameter) {
      return "no property" + parameter;
    }

    public static int getCount() {
      return CONSTANT;
    }

    String getHidden() {
      return "no property";
    }
  }

  @Test
  void gettersAreColumnsInTheOrderOfTheirFields() {
    RowMapper<Account> mapper = RowMapper.of(Account.class);

    assertThat(mapper.schema().table()).isEqualTo("accounts");
    assertThat(mapper.schema().columns())
        .containsExactly("id", "created_at", "active", "owner_name", "home", "greeting");
    assertThat(mapper.schema().conflictKey()).containsExactly("id");
    Row row = mapper.schema().row();
    mapper.map(new Account(7, "Ada"), row);
    assertThat(List.of(row.value(0), row.value(2), row.value(3), row.value(4), row.value(5)))
        .containsExactly(7L, true, "Ada", "u", "Hello Ada3");
  }

  /**
   * What the compiler of Kotlin makes of {@code data class Door(val id: Long, val isOpen:
   * Boolean)}.
   */
  static final class Door {

    @Key private final long id;
    private final boolean isOpen;

    Door(long id, boolean isOpen) {
      this.id = id;
      this.isOpen = isOpen;
    }

    public long getId() {
      return id;
    }

    public boolean isOpen() {
      return isOpen;
    }

    public long component1() {
      return id;
    }
  }

  @Test
  void aPropertyMayBeNamedLikeItsGetter() {
    assertThat(RowMapper.of(Door.class).schema().columns()).containsExactly("id", "is_open");
  }

  interface Named {

    String getName();

    default int getLength() {
      return getName().length();
    }
  }

  @Test
  void anInterfaceMapsAllOfItsObjects() {
    RowMapper<Named> mapper = RowMapper.of(Named.class);
    Row row = mapper.schema().row();

    mapper.map(() -> "Ada", row);

    assertThat(mapper.schema().columns()).containsExactly("length", "name");
    assertThat(row.value("length")).isEqualTo(3);
  }

  public static class Wide {

    public Number getSize() {
      return 1;
    }
  }

  public static class Narrow extends Wide {

    @Override
    public Integer getSize() {
      return 2;
    }
  }

  @Test
  void aGetterWithANarrowerTypeIsOneProperty() {
    RowMapper<Narrow> mapper = RowMapper.of(Narrow.class);
    Row row = mapper.schema().row();
    mapper.map(new Narrow(), row);

    assertThat(mapper.schema().columns()).containsExactly("size");
    assertThat(row.value(0)).isEqualTo(2);
  }

  public static class Nesting {

    @Embedded(prefix = "door_")
    public Door getDoor() {
      return new Door(1, false);
    }
  }

  @Test
  void aBeanMayBeEmbedded() {
    RowMapper<Nesting> mapper = RowMapper.of(Nesting.class);
    Row row = mapper.schema().row();
    mapper.map(new Nesting(), row);

    assertThat(mapper.schema().columns()).containsExactly("door_id", "door_is_open");
    assertThat(mapper.schema().conflictKey()).containsExactly("door_id");
    assertThat(row.value(1)).isEqualTo(false);
  }
}
