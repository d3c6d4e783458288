package io.batchflow.examples;

import io.batchflow.Progress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;
import tools.jackson.databind.json.JsonMapper;

/**
 * Posts the progress of a load as JSON to a URL. The header {@code X-BatchFlow-Signature} contains
 * {@code sha256=} and the HMAC-SHA256 of the body in hexadecimal, made with a secret that the
 * receiver knows. The receiver can so verify the sender. Thread-safe; never blocks.
 */
final class ProgressWebhook {

  static final String SIGNATURE = "X-BatchFlow-Signature";

  private static final String HMAC = "HmacSHA256";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final JsonMapper json = new JsonMapper();
  private final URI url;
  private final SecretKeySpec secret;
  private final RetryBackoffSpec retry;

  /**
   * @param retry used for failures that may pass: no answer, 408, 429 and 5xx
   */
  ProgressWebhook(URI url, String secret, RetryBackoffSpec retry) {
    this.url = url;
    this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC);
    this.retry =
        retry
            .filter(ProgressWebhook::isWorthATry)
            .onRetryExhaustedThrow((spec, signal) -> signal.failure());
  }

  /** Retries 5 times, with a jittered backoff from half a second to 10 seconds. */
  ProgressWebhook(URI url, String secret) {
    this(url, secret, Retry.backoff(5, Duration.ofMillis(500)).maxBackoff(Duration.ofSeconds(10)));
  }

  /** The body of a post. */
  record Message(String load, Progress progress) {}

  /** The receiver's answer was not 2xx. */
  static final class RejectedException extends IOException {

    private final int status;

    RejectedException(int status) {
      super("The webhook was answered with " + status);
      this.status = status;
    }
  }

  /**
   * Posts each progress, one at a time. Requests the next one only after a post has ended, so
   * {@link io.batchflow.ProgressMeter#every} continues with the latest.
   *
   * @param load the name of the load, for the receiver
   * @return completes with the source. Skips a post that fails finally, but fails if the last post
   *     fails
   */
  Mono<Void> follow(String load, Publisher<Progress> progress) {
    return Flux.from(progress)
        .concatMap(
            now -> {
              Mono<Void> post = post(new Message(load, now));
              return now.ended() ? post : post.onErrorComplete(IOException.class);
            },
            0)
        .then();
  }

  private Mono<Void> post(Message message) {
    byte[] body = json.writeValueAsBytes(message);
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header(SIGNATURE, "sha256=" + signature(body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return Mono.fromFuture(() -> client.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
        .flatMap(
            answer ->
                answer.statusCode() / 100 == 2
                    ? Mono.<Void>empty()
                    : Mono.error(new RejectedException(answer.statusCode())))
        .retryWhen(retry);
  }

  private String signature(byte[] body) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(secret);
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Every JDK has " + HMAC, impossible);
    }
  }

  private static boolean isWorthATry(Throwable failure) {
    if (failure instanceof RejectedException rejected) {
      return rejected.status == 408 || rejected.status == 429 || rejected.status >= 500;
    }
    return failure instanceof IOException;
  }
}
