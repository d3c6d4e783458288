package io.batchflow.backup;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The files of a backup. All methods block. A file that has its name is complete. */
record BackupDirectory(Path path) {

  private static final String MANIFEST = "manifest.json";
  private static final String PART = "part-\\d+\\.jsonl\\.gz";
  private static final String UNFINISHED = ".tmp";

  static String partName(int number) {
    return String.format(Locale.ROOT, "part-%06d.jsonl.gz", number);
  }

  Optional<Manifest> manifest() throws IOException {
    Path file = path.resolve(MANIFEST);
    return Files.exists(file)
        ? Optional.of(Manifest.parse(Files.readString(file)))
        : Optional.empty();
  }

  Manifest required() throws IOException {
    return manifest()
        .orElseThrow(
            () -> new BackupException("There is no backup in " + path, "Give its directory"));
  }

  void write(Manifest manifest) throws IOException {
    Files.createDirectories(path);
    Path unfinished = path.resolve(MANIFEST + UNFINISHED);
    Files.writeString(unfinished, manifest.json());
    try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    move(unfinished, MANIFEST);
  }

  Path unfinished(String name) {
    return path.resolve(name + UNFINISHED);
  }

  void finish(String name) throws IOException {
    move(unfinished(name), name);
  }

  private void move(Path from, String name) throws IOException {
    Files.move(
        from,
        path.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  BufferedReader open(Manifest.Part part) throws IOException {
    if (!part.file().matches(PART)) {
      throw new IOException("No name of a part");
    }
    return new BufferedReader(
        new InputStreamReader(
            new GZIPInputStream(Files.newInputStream(path.resolve(part.file()))),
            StandardCharsets.UTF_8));
  }

  /** Throws {@link BackupException} unless a file has the rows of the manifest. */
  void verify(Manifest.Part part) {
    MessageDigest digest = Hashes.sha256();
    long rows = 0;
    try (BufferedReader lines = open(part)) {
      String line;
      while ((line = lines.readLine()) != null) {
        digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
        rows++;
      }
    } catch (IOException broken) {
      throw damaged(part, broken);
    }
    if (rows != part.rows() || !Hashes.hex(digest).equals(part.sha256())) {
      throw damaged(part, null);
    }
  }

  private BackupException damaged(Manifest.Part part, @Nullable IOException cause) {
    BackupException failure =
        new BackupException(
            "The file " + path.resolve(part.file()) + " is damaged or missing",
            "Nothing of it was restored. Use another backup");
    if (cause != null) {
      failure.initCause(cause);
    }
    return failure;
  }
}
