package io.batchflow.micrometer;

/** Tag values for failures: the names of the first classes that occur, up to a bound. */
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
