package io.batchflow.r2dbc;

import io.batchflow.testservers.JcstressRun;
import org.junit.jupiter.api.Test;

class StressTest {

  @Test
  void noWriteRunsOnPastItsDeadline() throws Exception {
    JcstressRun.of(500, RunningStress.class);
  }
}
