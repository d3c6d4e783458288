package io.batchflow.redis;

import io.batchflow.ConflictStrategy;
import io.batchflow.InvalidConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a command writes to: a key, and possibly a field or member of it.
 *
 * @param key the template of the key
 * @param members the columns that name the field or member; empty if the command has none
 */
record WriteTarget(KeyTemplate key, List<String> members) {

  WriteTarget {
    members = List.copyOf(members);
  }

  /** Returns which rows write to the same target. */
  RedisKeys keys(SchemaBinding binding) {
    List<RedisKeys.Part> parts = new ArrayList<>();
    parts.add(RedisKeys.of(binding, key));
    members.forEach(column -> parts.add(RedisKeys.of(binding, column)));
    return new RedisKeys(parts);
  }

  /**
   * Checks that rows with the same conflict key, which the flow merges, write to the same target.
   *
   * @throws InvalidConfigurationException if they may not
   */
  void check(SchemaBinding binding) {
    if (binding.strategy() == ConflictStrategy.FAIL) {
      return;
    }
    List<String> columns =
        Stream.concat(key.columns().stream(), members.stream()).distinct().sorted().toList();
    List<String> conflictKey = binding.schema().conflictKey().stream().sorted().toList();
    if (!conflictKey.isEmpty() && !conflictKey.equals(columns)) {
      throw binding.invalid(
          "writes to a target that the columns "
              + String.join(", ", columns)
              + " name, but the conflict key is "
              + String.join(", ", conflictKey),
          "Make them the same");
    }
  }
}
