package io.batchflow.jdbc;

import io.batchflow.testservers.JcstressRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StressTest {

  @Test
  void noInterleavingBreaksTheQueue(@TempDir Path directory) throws Exception {
    JcstressRun.of(directory, 100, JdbcQueueStress.class);
  }
}
