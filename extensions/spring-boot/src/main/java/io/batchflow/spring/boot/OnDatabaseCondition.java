package io.batchflow.spring.boot;

import io.batchflow.r2dbc.R2dbcBatchWriter;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;

/** There is something that a flow without configuration can write to. */
final class OnDatabaseCondition extends AnyNestedCondition {

  OnDatabaseCondition() {
    super(ConfigurationPhase.REGISTER_BEAN);
  }

  @ConditionalOnBean(BatchWriterFactory.class)
  static final class OwnWriters {}

  @ConditionalOnClass(R2dbcBatchWriter.class)
  @ConditionalOnSingleCandidate(type = "io.r2dbc.spi.ConnectionFactory")
  static final class OnlyDatabase {}
}
