package io.batchflow.redis;

import io.batchflow.jcstress.JcstressRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("stress")
class StressTest {

  @Test
  void noInterleavingBreaksTheWriter() throws Exception {
    JcstressRun.of(RowCommandStress.class, ReconnectingConnectionStress.class);
  }
}
