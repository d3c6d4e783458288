package io.batchflow.spring.boot.test;

import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;

final class BatchFlowTypeExcludeFilter
    extends StandardAnnotationCustomizableTypeExcludeFilter<BatchFlowTest> {

  BatchFlowTypeExcludeFilter(Class<?> testClass) {
    super(testClass);
  }
}
