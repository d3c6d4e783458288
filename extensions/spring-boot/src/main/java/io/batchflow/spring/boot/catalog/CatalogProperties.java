package io.batchflow.spring.boot.catalog;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The catalog that the flows follow. There is none without a store.
 *
 * @param store Where the catalog is stored.
 * @param bean Bean that knows the database of the store, if there are several.
 * @param name Name of the catalog, of which a Redis may have several.
 * @param createTables Whether to create the tables of the store in its database.
 * @param failFast Whether the application does not start while the catalog cannot be read.
 * @param pollInterval Longest time between two looks for changes of other processes.
 * @param readTimeout Time after which a look is given up.
 * @param maxTables Most tables that a catalog may have.
 * @param namePattern Regular expression that the names of new tables match.
 * @param defaultTable Table of rows that name none.
 * @param flows Flows that follow the catalog. All of them if it is empty.
 * @param defaults Settings of tables that do not set their own.
 * @param tables Tables by their names, which are created if the catalog does not have them.
 */
@ConfigurationProperties(CatalogProperties.PREFIX)
public record CatalogProperties(
    @Nullable CatalogStoreType store,
    @Nullable String bean,
    @DefaultValue("batchflow") String name,
    @DefaultValue("false") boolean createTables,
    @DefaultValue("true") boolean failFast,
    @Nullable Duration pollInterval,
    @Nullable Duration readTimeout,
    @Nullable Integer maxTables,
    @Nullable String namePattern,
    @Nullable String defaultTable,
    @DefaultValue List<String> flows,
    @DefaultValue @NestedConfigurationProperty CatalogTableProperties defaults,
    @DefaultValue Map<String, CatalogTableProperties> tables) {

  static final String PREFIX = "batchflow.catalog";
}
