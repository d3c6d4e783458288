package io.batchflow;

import io.batchflow.audit.AuditStress;
import io.batchflow.internal.lane.StatsStress;
import io.batchflow.internal.log.LogStress;
import io.batchflow.internal.loop.EventLoopStress;
import io.batchflow.internal.submit.CloseStress;
import io.batchflow.internal.submit.ControlStress;
import io.batchflow.internal.submit.RestStress;
import io.batchflow.internal.submit.StreamOrderStress;
import io.batchflow.internal.submit.StreamStress;
import io.batchflow.internal.submit.SubmitStress;
import io.batchflow.internal.submit.SubmitterStress;
import io.batchflow.internal.write.RetryStress;
import io.batchflow.jcstress.JcstressRun;
import io.batchflow.micrometer.MetersStress;
import io.batchflow.watermark.WatermarkStress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("stress")
class StressTest {

  /** Whole engines, whose setup takes longer than their stress. */
  @Test
  void noInterleavingBreaksTheEngine() throws Exception {
    JcstressRun.of(
        SubmitStress.class,
        StreamStress.class,
        StreamOrderStress.class,
        CloseStress.class,
        ControlStress.class,
        RestStress.class);
  }

  @Test
  void noInterleavingBreaksItsParts() throws Exception {
    JcstressRun.of(
        SubmitterStress.class,
        EventLoopStress.class,
        LogStress.class,
        StatsStress.class,
        ProgressStress.class,
        RetryStress.class,
        MetersStress.class,
        AuditStress.class,
        WatermarkStress.class);
  }
}
