/** The health and the actuator endpoint of the flows of an application. */
@NullMarked
package io.batchflow.spring.boot.actuate;

import org.jspecify.annotations.NullMarked;
