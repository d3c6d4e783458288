package io.batchflow.catalog.yaml;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.guard.Rights;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the rights of users from YAML:
 *
 * <pre>{@code
 * roles:
 *   order-service: [table:orders:write, table:orders:read]
 * users:
 *   shop: [order-service]
 * }</pre>
 *
 * <p>What is unknown or invalid is refused with its path and its line. Immutable and thread-safe.
 */
public final class RightsYaml {

  private RightsYaml() {}

  /** Returns a reader. */
  public static RightsYaml create() {
    return new RightsYaml();
  }

  /**
   * Reads a file in UTF-8. Blocks.
   *
   * @throws IOException if it cannot be read
   * @throws InvalidConfigurationException if it is no YAML, or a key or value is refused
   */
  public Rights read(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file)) {
      return read(reader, String.valueOf(file.getFileName()));
    }
  }

  /**
   * Reads a text.
   *
   * @throws InvalidConfigurationException if it is no YAML, or a key or value is refused
   */
  public Rights read(String text) {
    return read(new StringReader(text), "the text");
  }

  private static Rights read(Reader reader, String source) {
    Rights.Builder rights = Rights.builder();
    Set<String> roles = new HashSet<>();
    List<Entry> users = new ArrayList<>();
    for (Entry entry : YamlText.entries(reader, source)) {
      switch (entry.key()) {
        case "roles" -> {
          for (Entry role : entry.section().entries()) {
            addRole(rights, role);
            roles.add(role.key());
          }
        }
        case "users" -> users.addAll(entry.section().entries());
        default -> throw entry.refused("is unknown", "Give roles or users");
      }
    }
    for (Entry user : users) {
      addUser(rights, user, roles);
    }
    return rights.build();
  }

  private static void addRole(Rights.Builder rights, Entry role) {
    try {
      rights.role(role.key(), role.texts().toArray(String[]::new));
    } catch (InvalidConfigurationException refused) {
      throw role.refused("is no role", YamlText.withoutDot(refused));
    }
  }

  private static void addUser(Rights.Builder rights, Entry user, Set<String> roles) {
    for (String role : user.texts()) {
      if (!roles.contains(role)) {
        throw user.refused("has the unknown role '" + role + "'", "Give roles of " + roles);
      }
      rights.user(user.key(), role);
    }
  }
}
