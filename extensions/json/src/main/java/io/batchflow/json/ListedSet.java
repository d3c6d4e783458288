package io.batchflow.json;

import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set in the order in which it was written. Does not hash its elements, since foreign input may
 * contain colliding elements, and the hash of a URL needs the network.
 */
final class ListedSet<E extends @Nullable Object> extends AbstractSet<E> {

  private final List<E> elements;

  ListedSet(List<E> elements) {
    this.elements = Collections.unmodifiableList(elements);
  }

  @Override
  public Iterator<E> iterator() {
    return elements.iterator();
  }

  @Override
  public int size() {
    return elements.size();
  }
}
