package io.batchflow.spring.boot.web;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads the lines of a body, no faster than they are requested. */
final class NdjsonLines {

  private final NdjsonProperties limits;

  NdjsonLines(NdjsonProperties limits) {
    this.limits = limits;
  }

  /** Returns the lines of a body that are not blank. Fails with an {@link NdjsonException}. */
  Flux<Line> of(ServerHttpRequest request) {
    HttpHeaders headers = request.getHeaders();
    String encoding = headers.getFirst(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return Flux.error(
          () ->
              new NdjsonException(
                  HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                  "The body must not be compressed. Send it without Content-Encoding."));
    }
    if (headers.getContentLength() > limits.maxBodySize().toBytes()) {
      return Flux.error(() -> LineSplitter.tooLarge(limits));
    }
    return LinePace.enforce(Flux.defer(() -> split(request.getBody())), limits.lineTimeout())
        .filter(line -> !line.isBlank());
  }

  private Flux<Line> split(Flux<DataBuffer> body) {
    LineSplitter splitter = new LineSplitter(limits);
    return body.map(NdjsonLines::bytes)
        .concatMapIterable(splitter::split, 1)
        .concatWith(Mono.fromSupplier(splitter::last));
  }

  private static byte[] bytes(DataBuffer part) {
    byte[] bytes = new byte[part.readableByteCount()];
    part.read(bytes);
    DataBufferUtils.release(part);
    return bytes;
  }
}
