package io.batchflow.journal;

import io.batchflow.testservers.JcstressRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StressTest {

  @Test
  void noInterleavingBreaksTheJournal(@TempDir Path directory) throws Exception {
    JcstressRun.of(directory, 100, JournalStress.class);
  }
}
