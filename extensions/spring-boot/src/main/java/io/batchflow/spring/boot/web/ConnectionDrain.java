package io.batchflow.spring.boot.web;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.DisposableServer;
import reactor.netty.FutureMono;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServer;

/**
 * Lets the clients of a stopping server end their connections. Reactor Netty itself answers the
 * last request of a connection as if further ones were welcome, and then closes it. It may also
 * close one while a request is being read.
 */
final class ConnectionDrain
    implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, WebFilter, Ordered {

  private final Duration time;
  private final List<DisposableServer> servers = new CopyOnWriteArrayList<>();
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private volatile boolean draining;

  /**
   * Creates the drain of one application.
   *
   * @param time how long idle connections stay open; zero leaves the server as it is
   */
  ConnectionDrain(Duration time) {
    this.time = time;
  }

  // Not a bean of NettyServerCustomizer, which would also stop the server of the management port.
  @Override
  public void customize(NettyReactiveWebServerFactory factory) {
    if (!time.isZero()) {
      factory.addServerCustomizers(this::observed);
    }
  }

  private HttpServer observed(HttpServer server) {
    return server.doOnBound(servers::add).childObserve(this::observe);
  }

  private void observe(Connection connection, ConnectionObserver.State state) {
    if (state == ConnectionObserver.State.CONNECTED) {
      connections.add(connection.channel());
    }
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpResponse response = exchange.getResponse();
    response.beforeCommit(() -> Mono.fromRunnable(() -> endAfter(response)));
    return chain.filter(exchange);
  }

  private void endAfter(ServerHttpResponse response) {
    if (draining) {
      response.getHeaders().setConnection("close");
    }
  }

  /** Also the answers of other filters end their connection. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  /**
   * Refuses new connections, ends each open one with its next answer, and after the time those that
   * are idle. Completes when all have ended.
   */
  Mono<Void> drain() {
    return Flux.fromIterable(servers)
        .flatMap(ConnectionDrain::refuse)
        .then(Mono.fromRunnable(() -> draining = true)) // a client that returns is refused already
        .then(ended().timeout(time, Mono.<Void>fromRunnable(this::endAll).then(ended())));
  }

  private static Mono<Void> refuse(DisposableServer server) {
    server.dispose();
    return server.onDispose();
  }

  private Mono<Void> ended() {
    return FutureMono.deferFuture(connections::newCloseFuture).onErrorComplete();
  }

  private void endAll() {
    for (Channel channel : connections) {
      channel.eventLoop().execute(() -> end(channel)); // that thread also reads the requests
    }
  }

  /** Closes an idle connection at once, and another one after the request that is in progress. */
  private static void end(Channel channel) {
    Connection connection = Connection.from(channel);
    ChannelOperations<?, ?> request = ChannelOperations.get(channel);
    if (request == null) {
      connection.dispose();
    } else {
      request.onTerminate().doFinally(signal -> connection.dispose()).subscribe();
    }
  }
}
