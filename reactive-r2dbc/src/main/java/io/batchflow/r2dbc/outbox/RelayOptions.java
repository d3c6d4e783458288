package io.batchflow.r2dbc.outbox;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.RejectedRow;
import io.batchflow.lease.Lease;
import io.batchflow.message.MessagePublisher;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** The options of a relay. Not changed after it is built. */
final class RelayOptions {

  static final Duration LONGEST = Duration.ofHours(1);

  final MessagePublisher publisher;
  int batchSize = 500;
  int maxAttempts = 10;
  Duration pollInterval = Duration.ofSeconds(1);
  Duration publishTimeout = Duration.ofMinutes(1);
  UnaryOperator<Lease.Builder> lease = UnaryOperator.identity();
  Consumer<? super Throwable> onFailure = failure -> {};
  @Nullable Function<? super RejectedRow, ? extends Publisher<Void>> deadLetter;

  RelayOptions(MessagePublisher publisher) {
    this.publisher = publisher;
  }

  static int between(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new InvalidConfigurationException(
          option, "is " + value, "Give a number from " + least + " to " + most);
    }
    return value;
  }

  static Duration positive(String option, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
      throw new InvalidConfigurationException(
          option, "is " + value, "Give a time longer than zero and at most " + LONGEST);
    }
    return value;
  }
}
