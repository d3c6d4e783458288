package io.batchflow.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.RejectedRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** The file is moved, deleted, truncated or full. */
class LostFileTest extends DeadLetterFileFixture {

  LostFileTest(@TempDir Path directory) {
    super(directory);
  }

  private List<Integer> idsInDirectory() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .flatMap(file -> ids(file).stream())
          .sorted()
          .toList();
    }
  }

  @Test
  void aFullFileIsRenamedAndNothingIsLost() throws IOException {
    try (DeadLetterFile file = DeadLetterFile.open(path(), 5_000)) {
      rejectEveryThird(0, 300, file);
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> all = files.toList();
      assertThat(all)
          .hasSizeGreaterThan(3)
          .allSatisfy(file -> assertThat(Files.size(file)).isLessThanOrEqualTo(5_000));
      assertThat(all.stream().flatMap(file -> ids(file).stream()).sorted().toList())
          .isEqualTo(everyThird(0, 300));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 400, 1_000_000})
  void aFileThatIsMovedAwayIsCreatedAgain(long maxBytes) throws IOException {
    try (DeadLetterFile file = DeadLetterFile.open(path(), maxBytes)) {
      for (int id = 0; id < 6; id++) {
        keep(file, id);
        Files.move(path(), directory.resolve("taken." + id));
      }
      keep(file, 6);
      keep(file, 7);
    }
    assertThat(ids(path())).endsWith(21);
    assertThat(idsInDirectory()).isEqualTo(everyThird(0, 24));
  }

  @Test
  void aFileThatIsDeletedIsCreatedAgain() throws IOException {
    try (DeadLetterFile file = DeadLetterFile.open(path())) {
      keep(file, 0);
      Files.delete(path());
      keep(file, 1);
    }
    assertThat(ids(path())).containsExactly(3);
  }

  @Test
  void aDirectoryThatIsMovedOrDeletedIsCreatedAgain() throws IOException {
    Path inner = directory.resolve("inner");
    Files.createDirectory(inner);
    Path path = inner.resolve("letters.jsonl");
    try (DeadLetterFile file = DeadLetterFile.open(path, 500)) {
      keep(file, 0);
      Files.move(inner, directory.resolve("moved"));
      keep(file, 1);
      keep(file, 2);
      try (Stream<Path> files = Files.list(inner)) {
        for (Path each : files.toList()) {
          Files.delete(each);
        }
      }
      Files.delete(inner);
      keep(file, 3);
    }
    assertThat(ids(directory.resolve("moved").resolve("letters.jsonl"))).containsExactly(0);
    assertThat(ids(path)).containsExactly(9);
  }

  @Test
  void aTruncatedFileIsContinuedAtItsEnd() throws IOException {
    try (DeadLetterFile file = DeadLetterFile.open(path())) {
      keep(file, 0);
      Files.copy(path(), directory.resolve("copy"));
      Files.write(path(), new byte[0]);
      keep(file, 1);
    }
    assertThat(ids(path())).containsExactly(3);
  }

  @Test
  void aFileThatCannotBeCreatedAgainIsRetriedForEachLetter() throws IOException {
    Path inner = Files.createDirectory(directory.resolve("inner"));
    Path path = inner.resolve("letters.jsonl");
    List<RejectedRow> letters = new CopyOnWriteArrayList<>();
    rejectEveryThird(0, 3, letter -> Mono.fromRunnable(() -> letters.add(letter)));
    try (DeadLetterFile file = DeadLetterFile.open(path)) {
      Files.move(inner, directory.resolve("moved"));
      Files.writeString(inner, "in the way");
      assertThatThrownBy(() -> file.apply(letters.get(0)).block(PATIENCE))
          .hasCauseInstanceOf(IOException.class);
      Files.delete(inner);
      file.apply(letters.get(0)).block(PATIENCE);
    }
    assertThat(ids(path)).containsExactly(0);
  }

  @Test
  void aFileThatCannotBeRenamedIsContinued() throws IOException {
    try (DeadLetterFile file = DeadLetterFile.open(path(), 1)) {
      keep(file, 0);
      keep(file, 1);
    }
    assertThat(idsInDirectory()).containsExactly(0, 3);
  }
}
