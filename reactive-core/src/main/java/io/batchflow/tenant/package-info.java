/** A flow for each tenant: see {@link io.batchflow.tenant.TenantFlows}. */
@NullMarked
package io.batchflow.tenant;

import org.jspecify.annotations.NullMarked;
