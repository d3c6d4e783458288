package io.batchflow.backup;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Writes the file of a part. Blocks; for one thread at a time. */
final class PartWriter implements Closeable {

  private static final int BUFFER = 1 << 16;

  private final FileChannel file;
  private final GZIPOutputStream gzip;
  private final OutputStream out;
  private final MessageDigest digest = Hashes.sha256();
  private long rows;
  private List<String> lastKey = List.of();

  private PartWriter(FileChannel file) throws IOException {
    this.file = file;
    this.gzip = new GZIPOutputStream(Channels.newOutputStream(file), BUFFER);
    this.out = new BufferedOutputStream(gzip, BUFFER);
  }

  static PartWriter open(Path path) throws IOException {
    return new PartWriter(
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE));
  }

  void add(ExportedRow row) {
    byte[] line = row.bytes();
    try {
      out.write(line);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    digest.update(line);
    rows++;
    lastKey = row.key();
  }

  /** Puts the file on disk, and returns what the manifest says of it. */
  Manifest.Part finish(String name) throws IOException {
    out.flush();
    gzip.finish();
    file.force(true);
    return new Manifest.Part(name, rows, Hashes.hex(digest), lastKey);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
