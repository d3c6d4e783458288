package io.batchflow.examples.tracker;

import io.batchflow.r2dbc.inbox.R2dbcInbox;
import io.batchflow.redis.RedisMapping;
import io.batchflow.spring.boot.RedisWriterCustomizer;
import io.r2dbc.spi.ConnectionFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;

/** The service. {@code logistics-tracker.properties} names its PostgreSQL and its Redis. */
@SpringBootApplication
public class TrackerApplication {

  /** The name of its properties, so that several services can run in one JVM. */
  public static final String CONFIG = "spring.config.name=logistics-tracker";

  /** Runs the service until it is stopped. */
  public static void main(String[] args) {
    new SpringApplicationBuilder(TrackerApplication.class).properties(CONFIG).run(args);
  }

  /** Which messages have their parcel. */
  @Bean
  R2dbcInbox inbox(ConnectionFactory connections) {
    return R2dbcInbox.create(connections, "parcels");
  }

  /** A larger service creates its tables by migrations. */
  @Bean
  SmartInitializingSingleton messageTables(R2dbcInbox inbox) {
    return () -> inbox.createTable().block();
  }

  /** A parcel has a hash, of which only the last position in a batch is written. */
  @Bean
  RedisWriterCustomizer lastPositions() {
    return (flow, builder) ->
        builder.map(Position.LAST.schema(), RedisMapping.hset(PositionController.KEY + "{parcel}"));
  }
}
