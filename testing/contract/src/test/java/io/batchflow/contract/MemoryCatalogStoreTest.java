package io.batchflow.contract;

import io.batchflow.catalog.CatalogStore;
import io.batchflow.catalog.MemoryCatalogStore;

/** The catalog in memory keeps the contract. */
class MemoryCatalogStoreTest extends CatalogStoreContract {

  private CatalogStore memory = MemoryCatalogStore.create();

  @Override
  protected void createCatalog() {
    memory = MemoryCatalogStore.create();
  }

  @Override
  protected CatalogStore openStore() {
    return memory;
  }

  @Override
  protected void removeCatalog() {}
}
