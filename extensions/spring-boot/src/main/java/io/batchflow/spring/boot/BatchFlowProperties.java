package io.batchflow.spring.boot;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of the auto-configured flows. An option that is set nowhere keeps the default of
 * the library.
 *
 * @param enabled Whether to create flows.
 * @param defaults Options of all flows.
 * @param flows Options of named flows, which override those of all flows. Each name becomes a bean.
 */
@ConfigurationProperties(BatchFlowProperties.PREFIX)
public record BatchFlowProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue @NestedConfigurationProperty FlowProperties defaults,
    @DefaultValue Map<String, FlowProperties> flows) {

  static final String PREFIX = "batchflow";
}
