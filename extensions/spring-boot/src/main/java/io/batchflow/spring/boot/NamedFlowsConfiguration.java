package io.batchflow.spring.boot;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Apart, since the registrar of a class runs after its bean methods, which look for flows. */
@Configuration(proxyBeanMethods = false)
@Import(NamedFlows.class)
final class NamedFlowsConfiguration {}
