package io.batchflow.spring.boot;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.Schema;
import io.batchflow.internal.config.FlowConfig;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** The options that a flow was built with, which it does not show. */
record Options(FlowConfig config) {

  static Options of(BatchFlow flow) {
    try {
      Field engine = BatchFlow.class.getDeclaredField("engine");
      engine.setAccessible(true);
      Field config = engine.getType().getDeclaredField("config");
      config.setAccessible(true);
      return new Options((FlowConfig) config.get(engine.get(flow)));
    } catch (ReflectiveOperationException moved) {
      throw new LinkageError(moved.getMessage(), moved);
    }
  }

  BatchPolicy policy(Schema schema) {
    return config.policyOf(schema);
  }

  /** Returns all options by name; those of a policy begin with "policy.", and so on. */
  Map<String, String> all() {
    Map<String, String> all = new TreeMap<>();
    collect("", config, all);
    BatchPolicy policy = config.policyOf(Schema.table("other").columns("id").build());
    collect("policy.", policy.toBuilder(), all);
    collect("retry.", config.retry, all);
    collect("health.", config.healthPolicy, all);
    return all;
  }

  private static void collect(String prefix, Object owner, Map<String, String> all) {
    for (Field field : owner.getClass().getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        field.setAccessible(true);
        try {
          all.put(prefix + field.getName(), text(field.get(owner)));
        } catch (IllegalAccessException closed) {
          throw new AssertionError(closed);
        }
      }
    }
  }

  /** Objects without a text of their own are only told apart from null, lists by their size. */
  private static String text(Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof Collection<?> many) {
      return many.size() + " " + (many.stream().allMatch(String.class::isInstance) ? many : "");
    }
    boolean plain =
        Arrays.stream(value.getClass().getMethods())
            .anyMatch(
                method ->
                    method.getName().equals("toString")
                        && method.getParameterCount() == 0
                        && method.getDeclaringClass() != Object.class);
    return (plain && value.getClass().getName().startsWith("java.")) || value instanceof Enum<?>
        ? value.toString()
        : "set";
  }
}
