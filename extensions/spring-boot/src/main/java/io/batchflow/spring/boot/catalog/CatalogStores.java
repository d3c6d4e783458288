package io.batchflow.spring.boot.catalog;

import io.batchflow.catalog.CatalogStore;
import io.batchflow.catalog.MemoryCatalogStore;
import io.batchflow.jdbc.catalog.JdbcCatalogStore;
import io.batchflow.r2dbc.catalog.R2dbcCatalogStore;
import io.batchflow.redis.catalog.RedisCatalogStore;
import io.r2dbc.spi.ConnectionFactory;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The stores, each with the libraries that it needs. */
final class CatalogStores {

  private static final String STORE = CatalogProperties.PREFIX + ".store";

  private CatalogStores() {}

  private static <T> T find(BeanFactory beans, Class<T> type, @Nullable String name) {
    return name == null ? beans.getBean(type) : beans.getBean(name, type);
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnProperty(name = STORE, havingValue = "memory")
  static final class Memory {

    @Bean
    @ConditionalOnMissingBean
    CatalogStore batchFlowCatalogStore() {
      return MemoryCatalogStore.create();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({ConnectionFactory.class, R2dbcCatalogStore.class})
  @ConditionalOnProperty(name = STORE, havingValue = "r2dbc")
  static final class R2dbc {

    @Bean
    @ConditionalOnMissingBean(CatalogStore.class)
    R2dbcCatalogStore batchFlowCatalogStore(BeanFactory beans, CatalogProperties properties) {
      return R2dbcCatalogStore.create(find(beans, ConnectionFactory.class, properties.bean()));
    }

    @Bean
    @ConditionalOnBean(R2dbcCatalogStore.class)
    @ConditionalOnMissingBean
    CatalogTables batchFlowCatalogTables(R2dbcCatalogStore store) {
      return store::createTables;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({DataSource.class, JdbcCatalogStore.class})
  @ConditionalOnProperty(name = STORE, havingValue = "jdbc")
  static final class Jdbc {

    @Bean
    @ConditionalOnMissingBean(CatalogStore.class)
    JdbcCatalogStore batchFlowCatalogStore(BeanFactory beans, CatalogProperties properties) {
      return JdbcCatalogStore.create(find(beans, DataSource.class, properties.bean()));
    }

    @Bean
    @ConditionalOnBean(JdbcCatalogStore.class)
    @ConditionalOnMissingBean
    CatalogTables batchFlowCatalogTables(JdbcCatalogStore store) {
      return store::createTables;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({DataRedisConnectionDetails.class, RedisCatalogStore.class})
  @ConditionalOnProperty(name = STORE, havingValue = "redis")
  static final class Redis {

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean(CatalogStore.class)
    CatalogRedis batchFlowCatalogRedis(BeanFactory beans, CatalogProperties properties) {
      return CatalogRedis.connect(find(beans, DataRedisConnectionDetails.class, properties.bean()));
    }

    @Bean
    @ConditionalOnMissingBean
    CatalogStore batchFlowCatalogStore(CatalogRedis redis, CatalogProperties properties) {
      return RedisCatalogStore.create(redis.commands(), properties.name());
    }
  }
}
