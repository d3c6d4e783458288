package io.batchflow.deadletter;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** A file of lines that holds nothing but whole ones. Belongs to one thread. */
final class LineFile implements Closeable {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSSSSSSSS").withZone(ZoneOffset.UTC);

  private static final int BLOCK = 8_192;

  private final Path path;
  private final long maxBytes;
  private FileChannel channel;
  private long end;

  private LineFile(Path path, long maxBytes, FileChannel channel) throws IOException {
    this.path = path;
    this.maxBytes = maxBytes;
    this.channel = channel;
    this.end = endOfLastLine(channel);
    channel.truncate(end);
  }

  static LineFile open(Path path, long maxBytes) throws IOException {
    FileChannel channel = openAlone(path);
    try {
      return new LineFile(path, maxBytes, channel);
    } catch (IOException failure) {
      channel.close();
      throw failure;
    }
  }

  private static FileChannel openAlone(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException own) {
      channel.close();
      throw new IOException(path + " is open already in this process", own);
    }
    channel.close();
    throw new IOException(path + " is open in another process");
  }

  private static long endOfLastLine(FileChannel channel) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    long from = channel.size();
    while (from > 0) {
      long to = from;
      from = Math.max(0, to - BLOCK);
      block.clear().limit((int) (to - from));
      channel.read(block, from);
      for (int i = block.limit() - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          return from + i + 1;
        }
      }
    }
    return 0;
  }

  /** Appends a line and waits until it is on the disk; a line that fails leaves no trace. */
  void append(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    if (end > 0 && end + bytes.remaining() > maxBytes) {
      rotate();
    }
    long at = end;
    try {
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
      channel.force(false);
      end = at;
    } catch (IOException failure) {
      channel.truncate(end);
      throw failure;
    }
  }

  private void rotate() throws IOException {
    channel.close();
    String stamp = STAMP.format(Instant.now());
    Files.move(path, path.resolveSibling(path.getFileName() + "." + stamp));
    channel = openAlone(path);
    end = 0;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
