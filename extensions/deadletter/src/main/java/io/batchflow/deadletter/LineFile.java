package io.batchflow.deadletter;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * A file that contains only complete lines. If another process moves, deletes or truncates the file
 * or its directory, as logrotate does, the next line starts a new file. Used by one thread.
 */
final class LineFile implements Closeable {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSSSSSSSS").withZone(ZoneOffset.UTC);

  private static final int BLOCK = 8_192;

  private static final Logger LOG = Loggers.getLogger(LineFile.class);

  private final Path path;
  private final long maxBytes;
  private boolean closed;
  private boolean saidUnable;

  /** The channel to the file. Closed if the file was lost, until the next line opens it again. */
  private FileChannel channel;

  /**
   * Identifies the open file, as another may have its name now; null if the system has no file
   * keys.
   */
  private @Nullable Object key;

  private LineFile(Path path, long maxBytes, FileChannel channel) throws IOException {
    this.path = path;
    this.maxBytes = maxBytes;
    this.channel = channel;
    this.key = keyOf(path);
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

  /** Opens the file and removes an incomplete last line. */
  private static FileChannel openAlone(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw new IOException(path + " is open in another process");
      }
      channel.truncate(endOfLastLine(channel));
      return channel;
    } catch (OverlappingFileLockException own) {
      channel.close();
      throw new IOException(path + " is open already in this process", own);
    } catch (IOException failure) {
      channel.close();
      throw failure;
    }
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

  private static @Nullable Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /** Appends a line and waits until it is on the disk. A failed line is removed. */
  void append(String line) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    if (!isInPlace()) {
      openAgain();
    }
    if (channel.size() > 0 && channel.size() + bytes.remaining() > maxBytes) {
      rotate();
    }
    long end = channel.size();
    try {
      long at = end;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
      channel.force(false);
    } catch (IOException failure) {
      cut(end, failure);
      throw failure;
    }
  }

  /**
   * Removes a failed line. If that fails too, the line is removed when the file is opened again.
   */
  private void cut(long end, IOException failure) throws IOException {
    try {
      channel.truncate(end);
    } catch (IOException second) {
      failure.addSuppressed(second);
      channel.close();
    }
  }

  private boolean isInPlace() {
    try {
      return channel.isOpen() && Objects.equals(keyOf(path), key);
    } catch (IOException gone) {
      return false;
    }
  }

  private void openAgain() throws IOException {
    channel.close();
    Path directory = path.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    channel = openAlone(path);
    key = keyOf(path);
  }

  /** Renames a full file. If that fails, continues the file, as no letter may be lost. */
  private void rotate() throws IOException {
    channel.close(); // some systems cannot rename an open file
    String stamp = STAMP.format(Instant.now());
    try {
      Files.move(path, path.resolveSibling(path.getFileName() + "." + stamp));
    } catch (IOException unable) {
      if (!saidUnable) {
        LOG.warn("{} is full and cannot be renamed: {}", path.getFileName(), unable.toString());
        saidUnable = true;
      }
    }
    openAgain();
  }

  @Override
  public void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
