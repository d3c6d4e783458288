package io.batchflow.r2dbc;

import io.batchflow.testservers.JcstressRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StressTest {

  @Test
  void noWriteRunsOnPastItsDeadline(@TempDir Path directory) throws Exception {
    JcstressRun.of(directory, 100, RunningStress.class);
  }
}
