package io.batchflow.table;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A component of a record, or a getter of a bean, with the field behind it.
 *
 * @param getter null for a field without a getter
 * @param field null for a getter without a field
 * @param annotations those of the component, the field and the getter
 */
record Property(
    String name, @Nullable Method getter, @Nullable Field field, List<Annotation> annotations) {

  static Property of(
      String name, @Nullable Method getter, @Nullable Field field, AnnotatedElement... others) {
    List<Annotation> annotations = new ArrayList<>();
    if (field != null) {
      annotations.addAll(List.of(field.getAnnotations()));
    }
    if (getter != null) {
      annotations.addAll(List.of(getter.getAnnotations()));
    }
    for (AnnotatedElement other : others) {
      annotations.addAll(List.of(other.getAnnotations()));
    }
    return new Property(name, getter, field, List.copyOf(annotations));
  }

  /** Whether it is declared as no part of the object's state. */
  boolean isTransient() {
    return field != null && Modifier.isTransient(field.getModifiers());
  }
}
