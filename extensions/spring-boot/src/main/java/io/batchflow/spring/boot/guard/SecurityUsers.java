package io.batchflow.spring.boot.guard;

import io.batchflow.guard.ContextName;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.util.ClassUtils;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** The user who has authenticated with Spring Security. An anonymous one is nobody. */
final class SecurityUsers implements ContextName {

  private static final String LIBRARY =
      "org.springframework.security.core.context.ReactiveSecurityContextHolder";

  /** Returns the user under a key or, if there is Spring Security, its user. */
  static ContextName orUnder(Object key) {
    ContextName under = ContextName.of(key);
    return ClassUtils.isPresent(LIBRARY, null) ? under.orElse(new SecurityUsers()) : under;
  }

  @Override
  public Mono<String> in(ContextView context) {
    return ReactiveSecurityContextHolder.getContext()
        .contextWrite(context)
        .mapNotNull(SecurityContext::getAuthentication)
        .filter(SecurityUsers::isKnown)
        .map(Authentication::getName);
  }

  private static boolean isKnown(Authentication authentication) {
    return authentication.isAuthenticated()
        && !(authentication instanceof AnonymousAuthenticationToken);
  }
}
