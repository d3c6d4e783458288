package io.batchflow.spring.boot;

import io.batchflow.BatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.r2dbc.spi.ConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;

/** Writers to databases of R2DBC. */
record R2dbcWriters(ListableBeanFactory beans) implements BackendWriters {

  @Override
  public Backend backend() {
    return Backend.R2DBC;
  }

  @Override
  public BatchWriter create(String flow, @Nullable String bean) {
    return R2dbcBatchWriter.create(BackendBeans.find(beans, ConnectionFactory.class, flow, bean));
  }
}
