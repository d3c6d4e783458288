package io.batchflow.catalog.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.guard.Access;
import io.batchflow.guard.Rights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RightsYamlTest {

  private static final RightsYaml YAML = RightsYaml.create();

  @Test
  void rolesAndUsersAreReadInAnyOrder() {
    Rights rights =
        YAML.read(
            """
            users:
              shop: [writer, reader]
              guest: [nothing]
            roles:
              writer: [table:orders:write]
              reader:
                - "table:*:read"
              nothing: []
            """);

    assertThat(rights.allow("shop", Access.WRITE, "orders")).isTrue();
    assertThat(rights.allow("shop", Access.READ, "users")).isTrue();
    assertThat(rights.allow("shop", Access.WRITE, "users")).isFalse();
    assertThat(rights.allow("guest", Access.READ, "orders")).isFalse();
    assertThat(rights.allow(null, Access.READ, "orders")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "roles: {a: [table:b:delete]} | 'roles.a' is no role (the text, line 1)",
        "roles: {a: [table:b:delete]} | the access is read, write, admin or *",
        "roles: {a: b} | 'roles.a' is no list",
        "roles: {a: []}, users: {b: [c]} | is no YAML",
        "{roles: {a: []}, users: {b: [c]}} | 'users.b' has the unknown role 'c'",
        "role: {} | 'role' is unknown (the text, line 1). Give roles or users",
        "roles: {a: [[x]]} | 'roles.a' has no plain value",
      })
  void whatIsWrongIsRefused(String text, String message) {
    assertThatThrownBy(() -> YAML.read(text))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(message);
  }
}
