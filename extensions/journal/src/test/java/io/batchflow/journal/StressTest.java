package io.batchflow.journal;

import io.batchflow.jcstress.JcstressRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("stress")
class StressTest {

  @Test
  void noInterleavingBreaksTheJournal() throws Exception {
    JcstressRun.of(JournalStress.class);
  }
}
