package io.batchflow.spring.boot.web;

import java.io.ByteArrayOutputStream;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Splits the parts of one body into lines, within the limits. Holds at most one line. Not {@code
 * StringDecoder}, which releases a buffer twice if a line is too long.
 */
final class LineSplitter {

  private final NdjsonProperties limits;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long bytes;
  private long lines;

  LineSplitter(NdjsonProperties limits) {
    this.limits = limits;
  }

  /** Returns the lines that end in a part. The iterator must be used up before the next part. */
  Iterable<Line> split(byte[] part) {
    bytes += part.length;
    if (bytes > limits.maxBodySize().toBytes()) {
      throw tooLarge(limits);
    }
    return () -> new Lines(part);
  }

  /** Returns what follows the last line break, or null if that is nothing. */
  @Nullable Line last() {
    return line.size() == 0 ? null : end();
  }

  static NdjsonException tooLarge(NdjsonProperties limits) {
    return new NdjsonException(
        HttpStatus.CONTENT_TOO_LARGE,
        "The body is larger than %d bytes. Send its lines in several requests."
            .formatted(limits.maxBodySize().toBytes()));
  }

  private void append(byte[] part, int from, int to) {
    if (line.size() + (long) to - from > limits.maxLineSize().toBytes()) {
      throw new NdjsonException(
          HttpStatus.CONTENT_TOO_LARGE,
          "Line %d is longer than %d bytes.".formatted(lines + 1, limits.maxLineSize().toBytes()));
    }
    line.write(part, from, to - from);
  }

  private Line end() {
    Line ended = new Line(++lines, line);
    line.reset();
    return ended;
  }

  /** The lines that end in one part. The rest of the part is kept. */
  private final class Lines implements Iterator<Line> {

    private final byte[] part;
    private int from;
    private int to;

    private Lines(byte[] part) {
      this.part = part;
      find();
    }

    private void find() {
      to = from;
      while (to < part.length && part[to] != '\n') {
        to++;
      }
    }

    @Override
    public boolean hasNext() {
      if (to == part.length) {
        append(part, from, to);
        from = to;
      }
      return to < part.length;
    }

    @Override
    public Line next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      append(part, from, to);
      from = to + 1;
      find();
      return end();
    }
  }
}
