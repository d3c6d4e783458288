package io.batchflow.spring.boot.console;

import java.net.URI;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The requests of the page. All its links are relative, so it may be behind any prefix. */
final class ConsoleRoutes {

  /** A page of another origin cannot send it, so it cannot press the buttons of a visitor. */
  static final String ORIGIN_HEADER = "X-BatchFlow-Console";

  /** Nothing is loaded from elsewhere, no script or style stands in the page, nobody frames it. */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final ConsoleAssets assets;
  private final LiveStream live;
  private final ConsoleControl control;
  private final ConsoleProperties properties;

  ConsoleRoutes(
      ConsoleAssets assets, LiveStream live, ConsoleControl control, ConsoleProperties properties) {
    this.assets = assets;
    this.live = live;
    this.control = control;
    this.properties = properties;
  }

  RouterFunction<ServerResponse> routes() {
    String path = properties.path();
    String name = path.substring(path.lastIndexOf('/') + 1);
    return RouterFunctions.route()
        .GET(path, request -> ServerResponse.temporaryRedirect(URI.create(name + "/")).build())
        .GET(path + "/", request -> file(ConsoleAssets.PAGE))
        .GET(path + "/live", request -> live())
        .GET(path + "/access", request -> access())
        .GET(path + "/{file}", request -> file(request.pathVariable("file")))
        .POST(path + "/control", this::control)
        .build();
  }

  private Mono<ServerResponse> file(String name) {
    ConsoleAssets.Asset asset = assets.get(name);
    return asset == null
        ? ServerResponse.notFound().build()
        : answer(HttpStatus.OK).contentType(asset.type()).bodyValue(asset.content());
  }

  private Mono<ServerResponse> live() {
    return answer(HttpStatus.OK).body(BodyInserters.fromServerSentEvents(live.events()));
  }

  private Mono<ServerResponse> access() {
    return answer(HttpStatus.OK).bodyValue(Map.of("writable", properties.writable()));
  }

  private Mono<ServerResponse> control(ServerRequest request) {
    if (!properties.writable()) {
      return refuse("The page is read-only. Set batchflow.console.writable=true to change that.");
    }
    if (isFromElsewhere(request.headers())) {
      return refuse("The request is not from the page.");
    }
    return request
        .principal()
        .map(Optional::<Principal>of)
        .defaultIfEmpty(Optional.empty())
        .flatMap(
            user ->
                request
                    .bodyToMono(byte[].class)
                    .defaultIfEmpty(new byte[0])
                    .flatMap(body -> control.handle(body, user)))
        .flatMap(this::answer)
        .switchIfEmpty(Mono.defer(() -> answer(HttpStatus.NO_CONTENT).build()));
  }

  private static boolean isFromElsewhere(ServerRequest.Headers headers) {
    return headers.header(ORIGIN_HEADER).isEmpty()
        || headers.header("Sec-Fetch-Site").stream().anyMatch(site -> !site.equals("same-origin"));
  }

  private Mono<ServerResponse> refuse(String why) {
    return answer(new WebEndpointResponse<>(Map.of("problem", why), HttpStatus.FORBIDDEN.value()));
  }

  private Mono<ServerResponse> answer(WebEndpointResponse<?> response) {
    ServerResponse.BodyBuilder builder = answer(HttpStatus.valueOf(response.getStatus()));
    Object body = response.getBody();
    return body == null
        ? builder.build()
        : builder.contentType(MediaType.APPLICATION_JSON).bodyValue(body);
  }

  private static ServerResponse.BodyBuilder answer(HttpStatus status) {
    return ServerResponse.status(status)
        .cacheControl(CacheControl.noCache())
        .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer");
  }
}
