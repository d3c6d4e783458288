package io.batchflow.contract;

import io.batchflow.catalog.CatalogStore;
import io.batchflow.catalog.MemoryCatalogStore;

/** The catalog in memory keeps the contract. */
class MemoryCatalogStoreTest extends CatalogStoreContract {

  private CatalogStore store = MemoryCatalogStore.create();

  @Override
  protected void createCatalog() {
    store = MemoryCatalogStore.create();
  }

  @Override
  protected CatalogStore openStore() {
    return store;
  }

  @Override
  protected void removeCatalog() {}
}
