package io.batchflow.spring.boot;

import io.batchflow.BatchWriter;
import io.batchflow.jdbc.JdbcBatchWriter;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;

/** Writers to databases of JDBC. */
record JdbcWriters(ListableBeanFactory beans) implements BackendWriters {

  @Override
  public Backend backend() {
    return Backend.JDBC;
  }

  @Override
  public BatchWriter create(String flow, @Nullable String bean) {
    return JdbcBatchWriter.create(BackendBeans.find(beans, DataSource.class, flow, bean));
  }
}
