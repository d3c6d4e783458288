package io.batchflow.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.Schema;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** The audit names the user that the security of the application has found. */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class EndpointUserTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void theLoggerOfTheAuditGetsBatchesAndTheUsersOfRequests(CapturedOutput output)
      throws IOException, InterruptedException {
    try (ConfigurableApplicationContext context = start()) {
      Schema sales = Schema.table("sales").columns("id").build();
      context.getBean(BatchFlow.class).submit(sales.row().set("id", "s3cr3t")).block(PATIENCE);
      assertThat(post(context, "/orders/sales/pause", "ann")).isEqualTo(204);
      assertThat(post(context, "/orders/sales/resume", null)).isEqualTo(204);
    }

    assertThat(output)
        .containsPattern(
            "shop.audit .*flow=orders table=sales operation=FAIL status=WRITTEN rows=1")
        .doesNotContain("s3cr3t")
        .containsPattern("table=sales operation=pause user=ann ")
        .containsPattern("table=sales operation=resume duration_ms=");
  }

  private static ConfigurableApplicationContext start() {
    return new SpringApplicationBuilder(SecuredService.class)
        .run(
            "--server.port=0",
            "--management.endpoints.web.exposure.include=batchflow",
            "--management.endpoint.batchflow.access=unrestricted",
            "--batchflow.flows.orders.audit.logger=shop.audit");
  }

  private static int post(
      ConfigurableApplicationContext context, String path, @Nullable String user)
      throws IOException, InterruptedException {
    String port = context.getEnvironment().getRequiredProperty("local.server.port");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + port + "/actuator/batchflow" + path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.noBody());
    if (user != null) {
      byte[] credentials = (user + ":secret").getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
    }
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Configuration(proxyBeanMethods = false)
  @EnableWebFluxSecurity
  @Import(BatchFlowEndpointTest.Service.class)
  static class SecuredService {

    @Bean
    SecurityWebFilterChain security(ServerHttpSecurity http) {
      return http.httpBasic(Customizer.withDefaults())
          .csrf(ServerHttpSecurity.CsrfSpec::disable)
          .authorizeExchange(exchanges -> exchanges.anyExchange().permitAll())
          .build();
    }

    @Bean
    MapReactiveUserDetailsService users() {
      return new MapReactiveUserDetailsService(
          User.withUsername("ann").password("{noop}secret").roles("OPERATOR").build());
    }
  }
}
