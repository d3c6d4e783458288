/** How many rows and bytes a second users, tenants and tables may submit. */
@NullMarked
package io.batchflow.quota;

import org.jspecify.annotations.NullMarked;
