package io.batchflow.redis;

import io.batchflow.testservers.JcstressRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StressTest {

  @Test
  void noCommandIsBothSentAndWithdrawn(@TempDir Path directory) throws Exception {
    JcstressRun.of(directory, 100, RowCommandStress.class);
  }
}
