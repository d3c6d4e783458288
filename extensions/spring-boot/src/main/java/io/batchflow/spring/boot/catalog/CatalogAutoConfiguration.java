package io.batchflow.spring.boot.catalog;

import io.batchflow.BatchFlow;
import io.batchflow.catalog.CatalogStore;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Makes the catalog of {@code batchflow.catalog.store}, or that of a {@link CatalogStore} of the
 * application, and lets the flows follow it, or a {@link TableCatalog} of the application, from the
 * start until they are closed.
 */
@AutoConfiguration(after = BatchFlowAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "batchflow.enabled", matchIfMissing = true)
@EnableConfigurationProperties(CatalogProperties.class)
@Import({
  CatalogStores.Memory.class,
  CatalogStores.R2dbc.class,
  CatalogStores.Jdbc.class,
  CatalogStores.Redis.class
})
public final class CatalogAutoConfiguration {

  @Bean
  @ConditionalOnBean(CatalogStore.class)
  @ConditionalOnMissingBean
  TableCatalog batchFlowCatalog(CatalogStore store, CatalogProperties properties) {
    return new CatalogSettings(properties).build(store);
  }

  @Bean
  @ConditionalOnBean({TableCatalog.class, BatchFlow.class})
  @ConditionalOnMissingBean
  CatalogFollower batchFlowCatalogFollower(
      TableCatalog catalog,
      ObjectProvider<CatalogTables> tables,
      Map<String, BatchFlow> flows,
      CatalogProperties properties) {
    return new CatalogFollower(catalog, tables.getIfAvailable(), flows, properties);
  }
}
