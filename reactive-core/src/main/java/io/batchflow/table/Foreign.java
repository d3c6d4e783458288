package io.batchflow.table;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Annotations of Spring Data and Jakarta Persistence. They are read by name, so that this library
 * does not depend on them.
 */
final class Foreign {

  private static final String SPRING = "org.springframework.data.annotation.";
  private static final String RELATIONAL = "org.springframework.data.relational.core.mapping.";
  private static final List<String> PERSISTENCE =
      List.of("jakarta.persistence.", "javax.persistence.");

  static final Set<String> ENTITY = persistence("Entity");
  static final Set<String> TABLE = both(Set.of(RELATIONAL + "Table"), persistence("Table"));
  static final Set<String> COLUMN = both(Set.of(RELATIONAL + "Column"), persistence("Column"));
  static final Set<String> ID = both(Set.of(SPRING + "Id"), persistence("Id", "EmbeddedId"));
  static final Set<String> ENUMERATED = persistence("Enumerated");
  static final Set<String> INSERT_ONLY = Set.of(RELATIONAL + "InsertOnlyProperty");

  static final Set<String> IGNORED =
      both(Set.of(SPRING + "Transient", SPRING + "ReadOnlyProperty"), persistence("Transient"));

  static final Set<String> EMBEDDED =
      both(
          Set.of(
              RELATIONAL + "Embedded",
              RELATIONAL + "Embedded$Nullable",
              RELATIONAL + "Embedded$Empty"),
          persistence("Embedded", "EmbeddedId"));

  static final Set<String> RELATION =
      both(
          Set.of(RELATIONAL + "MappedCollection", SPRING + "Reference"),
          persistence("OneToOne", "OneToMany", "ManyToOne", "ManyToMany", "ElementCollection"));

  /** What changes how a property is stored, in a way that is not read. */
  static final Set<String> UNREAD =
      persistence("Convert", "Converts", "AttributeOverride", "AttributeOverrides");

  private Foreign() {}

  private static Set<String> persistence(String... names) {
    return PERSISTENCE.stream()
        .flatMap(prefix -> Stream.of(names).map(prefix::concat))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<String> both(Set<String> some, Set<String> others) {
    return Stream.concat(some.stream(), others.stream()).collect(Collectors.toUnmodifiableSet());
  }

  /** Returns the first annotation with one of these names, or null. */
  static @Nullable Annotation find(List<Annotation> annotations, Set<String> names) {
    for (Annotation annotation : annotations) {
      if (names.contains(annotation.annotationType().getName())) {
        return annotation;
      }
    }
    return null;
  }

  static boolean has(List<Annotation> annotations, Set<String> names) {
    return find(annotations, names) != null;
  }

  /** Returns the first attribute that is a text and not empty; empty if there is none. */
  static String text(@Nullable Annotation annotation, String... attributes) {
    for (String attribute : attributes) {
      if (attribute(annotation, attribute) instanceof String text && !text.isEmpty()) {
        return text;
      }
    }
    return "";
  }

  /** Whether an attribute is false. */
  static boolean isFalse(@Nullable Annotation annotation, String attribute) {
    return Boolean.FALSE.equals(attribute(annotation, attribute));
  }

  /** Returns an attribute; null if there is no annotation or it has no such attribute. */
  static @Nullable Object attribute(@Nullable Annotation annotation, String attribute) {
    if (annotation == null) {
      return null;
    }
    try {
      return annotation.annotationType().getMethod(attribute).invoke(annotation);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException missing) {
      return null;
    }
  }
}
