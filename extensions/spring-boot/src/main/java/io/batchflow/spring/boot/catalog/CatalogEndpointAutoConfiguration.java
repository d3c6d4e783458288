package io.batchflow.spring.boot.catalog;

import io.batchflow.catalog.TableCatalog;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Adds the actuator endpoint {@code batchflowcatalog}. */
@AutoConfiguration(after = CatalogAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(CatalogFollower.class)
@ConditionalOnAvailableEndpoint(CatalogEndpoint.class)
public final class CatalogEndpointAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  CatalogEndpoint batchFlowCatalogEndpoint(TableCatalog catalog, CatalogFollower follower) {
    return new CatalogEndpoint(catalog, follower::bindings);
  }
}
