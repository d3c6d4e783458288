package io.batchflow.benchmarks.springdata;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.spring.data.BatchedSaveAll;
import io.r2dbc.spi.ConnectionFactory;
import java.util.Map;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.MapPropertySource;
import org.springframework.data.r2dbc.config.AbstractR2dbcConfiguration;
import org.springframework.data.r2dbc.repository.config.EnableR2dbcRepositories;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.transaction.reactive.TransactionalOperator;

/** A context of Spring with the repository. The connections stay those of the caller. */
public final class EventSite implements AutoCloseable {

  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();

  @Configuration
  @EnableR2dbcRepositories
  @Import(BatchedSaveAll.class)
  static class Beans extends AbstractR2dbcConfiguration {

    private final ConnectionFactory factory;
    private final int batch;

    Beans(ConnectionFactory factory, int batch) {
      this.factory = factory;
      this.batch = batch;
    }

    /** Not used, as the context has one. */
    @Override
    public ConnectionFactory connectionFactory() {
      return factory;
    }

    @Bean
    R2dbcBatchWriter writer() {
      return R2dbcBatchWriter.create(factory);
    }

    @Bean
    BatchFlow flow(R2dbcBatchWriter writer) {
      return BatchFlow.builder(writer)
          .defaultPolicy(BatchPolicy.builder().maxSize(batch).build())
          .build();
    }

    @Bean
    R2dbcTransactionManager transactionManager() {
      return new R2dbcTransactionManager(factory);
    }
  }

  private EventSite(ConnectionFactory factory, int batch, boolean batchedSaveAll) {
    context
        .getEnvironment()
        .getPropertySources()
        .addFirst(
            new MapPropertySource(
                "benchmark", Map.of(BatchedSaveAll.PROPERTY, String.valueOf(batchedSaveAll))));
    context.registerBean(Beans.class, () -> new Beans(factory, batch));
    context.refresh();
  }

  /**
   * Opens a context whose {@code saveAll} is that of Spring Data.
   *
   * @param batch the most rows of a batch
   */
  public static EventSite plain(ConnectionFactory factory, int batch) {
    return new EventSite(factory, batch, false);
  }

  /**
   * Opens a context whose {@code saveAll} inserts in batches.
   *
   * @param batch the most rows of a batch
   */
  public static EventSite batched(ConnectionFactory factory, int batch) {
    return new EventSite(factory, batch, true);
  }

  /** Returns the repository. */
  public EventRepository events() {
    return context.getBean(EventRepository.class);
  }

  /** Returns what runs a publisher in a transaction of Spring. */
  public TransactionalOperator transaction() {
    return TransactionalOperator.create(context.getBean(R2dbcTransactionManager.class));
  }

  @Override
  public void close() {
    context.close();
  }
}
