package io.batchflow.spring.boot;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of the auto-configuration.
 *
 * @param enabled Whether to create a flow.
 * @param defaults Options of the flow. An option that is not set keeps the default of the library.
 */
@ConfigurationProperties("batchflow")
public record BatchFlowProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue @NestedConfigurationProperty FlowProperties defaults) {}
