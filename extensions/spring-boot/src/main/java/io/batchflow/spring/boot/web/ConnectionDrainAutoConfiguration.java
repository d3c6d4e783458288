package io.batchflow.spring.boot.web;

import io.batchflow.spring.boot.lifecycle.ClosingLifecycle;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.DispatcherHandler;
import reactor.netty.http.server.HttpServer;

/**
 * Lets the clients of Reactor Netty end their connections when the application stops. An HTTP/2
 * server tells its clients by itself, and a shutdown that is immediate is left so.
 */
@AutoConfiguration
@ConditionalOnClass({
  DispatcherHandler.class,
  NettyReactiveWebServerFactory.class,
  HttpServer.class
})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnBooleanProperty(name = "batchflow.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(
    name = "server.http2.enabled",
    havingValue = false,
    matchIfMissing = true)
@ConditionalOnProperty(name = "server.shutdown", havingValue = "graceful", matchIfMissing = true)
@EnableConfigurationProperties(BatchFlowWebProperties.class)
public final class ConnectionDrainAutoConfiguration {

  /** Before the graceful shutdown of the web server, and after streams that have no end. */
  private static final int PHASE = WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 512;

  @Bean
  @ConditionalOnMissingBean
  ConnectionDrain batchFlowConnectionDrain(BatchFlowWebProperties properties) {
    return new ConnectionDrain(properties.drainTime());
  }

  @Bean
  @ConditionalOnMissingBean(name = "batchFlowConnectionDrainLifecycle")
  ClosingLifecycle batchFlowConnectionDrainLifecycle(ConnectionDrain drain) {
    return new ClosingLifecycle(PHASE, Map.of("connections of the web server", drain.drain()));
  }
}
