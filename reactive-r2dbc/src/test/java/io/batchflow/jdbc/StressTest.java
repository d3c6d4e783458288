package io.batchflow.jdbc;

import io.batchflow.jcstress.JcstressRun;
import io.batchflow.r2dbc.InFlightWriteStress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("stress")
class StressTest {

  @Test
  void noInterleavingBreaksTheWriters() throws Exception {
    JcstressRun.of(JdbcQueueStress.class, InterruptStress.class, InFlightWriteStress.class);
  }
}
