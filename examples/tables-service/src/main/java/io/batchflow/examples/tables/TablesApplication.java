package io.batchflow.examples.tables;

import io.batchflow.r2dbc.catalog.R2dbcTables;
import io.r2dbc.spi.ConnectionFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** The service. {@code --spring.r2dbc.url=r2dbc:postgresql://…} selects another database. */
@SpringBootApplication
public class TablesApplication {

  /** Runs the service until it is stopped. */
  public static void main(String[] args) {
    SpringApplication.run(TablesApplication.class, args);
  }

  @Bean
  R2dbcTables tables(ConnectionFactory database) {
    return R2dbcTables.create(database);
  }
}
