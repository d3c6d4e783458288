package io.batchflow.examples.tracker;

import io.batchflow.annotation.Key;
import io.batchflow.annotation.Table;

/** What is sent for a paid order. It has the id of the order. */
@Table("parcels")
record Parcel(@Key String id) {}
