package io.batchflow.micrometer;

/** What failures are called in tags: their class, of the first ones, up to a bound. */
final class ErrorNames {

  private static final int MOST = 32;

  private final BoundedTagValues names = new BoundedTagValues(MOST);

  String of(Throwable failure) {
    Class<?> type = failure.getClass();
    while (type.isAnonymousClass()) {
      type = type.getSuperclass();
    }
    return names.of(type.getSimpleName());
  }
}
