package io.batchflow.examples.orders;

import io.batchflow.mediator.Request;

/** Asks for a product. */
record FindProduct(String sku) implements Request<Product> {}
