package io.batchflow.spring.boot.web;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.DispatcherHandler;
import tools.jackson.databind.json.JsonMapper;

/** Answers of WebFlux controllers, and the storing of NDJSON bodies. */
@AutoConfiguration(
    afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnClass(DispatcherHandler.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnBooleanProperty(name = "batchflow.enabled", matchIfMissing = true)
@EnableConfigurationProperties(BatchFlowWebProperties.class)
public final class BatchFlowWebAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  FlowResponses batchFlowResponses(BatchFlowWebProperties properties) {
    return FlowResponses.create(properties.retryAfter());
  }

  @Bean
  @ConditionalOnBooleanProperty(name = "batchflow.web.problems", matchIfMissing = true)
  @ConditionalOnMissingBean
  FlowProblemHandler batchFlowProblemHandler(FlowResponses responses) {
    return new FlowProblemHandler(responses);
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(JsonMapper.class)
  static class Ndjson {

    @Bean
    @ConditionalOnBean(JsonMapper.class)
    @ConditionalOnMissingBean
    NdjsonIngest batchFlowNdjsonIngest(
        JsonMapper json, FlowResponses responses, BatchFlowWebProperties properties) {
      return new NdjsonIngest(json, responses, properties.ndjson());
    }
  }
}
