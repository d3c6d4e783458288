package io.batchflow.table;

import io.batchflow.InvalidRowException;
import io.batchflow.InvalidSchemaException;

/** Errors of the mapping of one class. Each names the class, the property and the remedy. */
record MappingErrors(Class<?> type, String table) {

  InvalidSchemaException ofClass(String problem, String remedy) {
    return new InvalidSchemaException(table, "class " + type.getTypeName() + " " + problem, remedy);
  }

  InvalidSchemaException of(String property, String problem, String remedy) {
    return new InvalidSchemaException(table, named(property) + " " + problem, remedy);
  }

  /** Returns the error of a row with a value that cannot be read. */
  InvalidRowException unreadable(String property, String column, Throwable thrown) {
    return InvalidRowException.unreadable(table, column, named(property), thrown);
  }

  /** Returns the error of a row without the value of a primitive property. */
  InvalidRowException missing(String property, String column, Class<?> primitive) {
    return new InvalidRowException(
        table,
        column,
        named(property) + " is null, although it is a primitive " + primitive.getName(),
        "Use its wrapper class if the column may be null, else give it a value");
  }

  private String named(String property) {
    return "property '" + property + "' of class " + type.getTypeName();
  }
}
