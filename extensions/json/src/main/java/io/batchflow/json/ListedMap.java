package io.batchflow.json;

import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A map in the order in which it was written, for the same reason as {@link ListedSet}. */
final class ListedMap extends AbstractMap<@Nullable Object, @Nullable Object> {

  private final ListedSet<Map.Entry<@Nullable Object, @Nullable Object>> entries;

  ListedMap(List<Map.Entry<@Nullable Object, @Nullable Object>> entries) {
    this.entries = new ListedSet<>(entries);
  }

  @Override
  public Set<Map.Entry<@Nullable Object, @Nullable Object>> entrySet() {
    return entries;
  }
}
