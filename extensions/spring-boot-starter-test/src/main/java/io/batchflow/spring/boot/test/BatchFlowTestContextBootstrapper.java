package io.batchflow.spring.boot.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

final class BatchFlowTestContextBootstrapper
    extends TestSliceTestContextBootstrapper<BatchFlowTest> {}
