package io.batchflow.table;

import io.batchflow.spi.ColumnCodec;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the columns of a class and of the objects embedded in it. */
final class ColumnFinder {

  private final MappingOptions options;
  private final MappingErrors errors;
  private final Codecs codecs;
  private final boolean generates;
  private final List<MappedColumn> columns = new ArrayList<>();
  private final Set<String> paths = new HashSet<>();

  /**
   * @param generates whether the database makes an id of Spring Data or Jakarta Persistence that is
   *     null
   */
  ColumnFinder(MappingOptions options, MappingErrors errors, boolean generates) {
    this.options = options;
    this.errors = errors;
    this.codecs = new Codecs(options, errors);
    this.generates = generates;
  }

  List<MappedColumn> find() {
    add(MappedClass.root(errors.type()));
    for (String name : options.namedProperties()) {
      if (!paths.contains(name)) {
        throw errors.ofClass(
            "has no property '" + name + "'",
            "Correct the name; a property of an embedded object is named 'outer.inner'");
      }
    }
    return columns;
  }

  private void add(MappedClass owner) {
    for (Property property : Properties.of(owner.type())) {
      String path = owner.path() + property.name();
      paths.add(path);
      Markers markers = new Markers(property.annotations());
      if (!markers.isIgnored() && !property.isTransient() && !options.ignored.contains(path)) {
        add(owner, property, path, markers);
      }
    }
  }

  private void add(MappedClass owner, Property property, String path, Markers markers) {
    Method getter = property.getter();
    boolean marked = markers.areAny();
    if (getter == null) {
      if (marked || owner.isEntity()) {
        throw errors.of(
            path,
            "has no public getter",
            "Add one, or annotate the field with @Ignore if it has no column");
      }
    } else if (marked || property.field() != null || !owner.isEntity()) {
      add(owner, property.name(), getter, path, markers);
    }
  }

  private void add(MappedClass owner, String name, Method getter, String path, Markers markers) {
    ColumnCodec<Object> codec = codecs.of(path, getter, markers);
    if (codec == null) {
      refuse(path, getter, markers);
    }
    MethodHandle reader = owner.reading(reader(path, getter));
    String prefix = markers.prefix();
    if (codec == null && prefix != null) {
      boolean key = isKey(path, markers) || markers.isForeignId();
      embed(owner.embedded(name, getter, prefix, key, reader), path);
      return;
    }
    String given = markers.columnName();
    String column = owner.prefix() + (given.isEmpty() ? options.naming.apply(name) : given);
    boolean primitive = getter.getReturnType().isPrimitive();
    boolean generated = generates && markers.isForeignId() && !primitive;
    columns.add(
        new MappedColumn(
            column,
            path,
            stored(owner, path, getter, markers, codec, reader),
            owner.key() || isKey(path, markers) || (markers.isForeignId() && !generated),
            markers.unsetIfNull() || generated,
            markers.isUpdatable(),
            primitive && (codec != null || owner.isEmbedded()) ? getter.getReturnType() : null));
  }

  private void embed(MappedClass embedded, String path) {
    Class<?> type = embedded.type();
    MappedClass outer = embedded.outer();
    if (outer != null && outer.isWithin(type)) {
      throw errors.of(path, "embeds an object of its own class", "Annotate it with @Ignore");
    }
    if (!MappedClass.hasProperties(type)) {
      throw errors.of(
          path,
          "is embedded, but " + type.getTypeName() + " has no properties",
          "Remove @Embedded, or use a record");
    }
    add(embedded);
  }

  private boolean isKey(String path, Markers markers) {
    return markers.isKey() || options.keys.contains(path);
  }

  private MethodHandle reader(String path, Method getter) {
    try {
      return Readers.of(options.lookup, getter);
    } catch (IllegalAccessException closed) {
      throw errors.of(
          path,
          "cannot be read, since its package is not open to the module io.batchflow",
          "Open the package in its module-info, or give the builder a lookup");
    }
  }

  /** Returns what reads the value to store. */
  private MethodHandle stored(
      MappedClass owner,
      String path,
      Method getter,
      Markers markers,
      @Nullable ColumnCodec<Object> codec,
      MethodHandle reader) {
    ColumnTypes types = new ColumnTypes(markers.isOrdinal(owner.isEntity()));
    Function<Object, @Nullable Object> conversion =
        codec != null ? codec::encode : types.conversion(getter.getGenericReturnType());
    if (conversion == null) {
      throw errors.of(
          path,
          "has the type "
              + getter.getGenericReturnType().getTypeName()
              + ", which no column can hold",
          "Give it a ColumnCodec, annotate it with @Embedded if its properties are columns, or with"
              + " @Ignore");
    }
    return conversion == ColumnTypes.AS_IS ? reader : Readers.converted(reader, conversion);
  }

  private void refuse(String path, Method getter, Markers markers) {
    if (Kotlin.isOwnType(getter)) {
      throw errors.of(
          path,
          "has a value class of Kotlin, such as UInt or Duration, whose inner value would be stored",
          "Use a signed or a java.time type, or give it a ColumnCodec for the inner value");
    }
    Annotation relation = markers.relation();
    if (relation != null) {
      throw errors.of(
          path,
          "is a relation (@" + relation.annotationType().getSimpleName() + ")",
          "A row has the columns of one table: annotate it with @Ignore, and give the foreign key a"
              + " property of its own");
    }
    Annotation unread = markers.unread();
    if (unread != null) {
      throw errors.of(
          path,
          "has a @" + unread.annotationType().getSimpleName() + ", which is not read",
          "Use @Column(codec = …), @Embedded(prefix = …) or @Ignore of io.batchflow.annotation");
    }
  }
}
