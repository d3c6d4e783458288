package io.batchflow.guard;

import io.batchflow.InvalidConfigurationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The roles of users, and what each role permits. What no role permits is denied, also to a user
 * that is unknown. Immutable and thread-safe.
 */
public final class Rights {

  private final Map<String, List<Permission>> users;

  private Rights(Map<String, List<Permission>> users) {
    this.users = Map.copyOf(users);
  }

  /** Starts rights that permit nothing. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns whether a user may do something with a table.
   *
   * @param user null if nobody is known, to whom nothing is permitted
   */
  public boolean allow(@Nullable String user, Access access, String table) {
    for (Permission permission : user == null ? List.<Permission>of() : of(user)) {
      if (permission.allows(access, table)) {
        return true;
      }
    }
    return false;
  }

  private List<Permission> of(String user) {
    return users.getOrDefault(user, List.of());
  }

  /** Returns the number of users. */
  @Override
  public String toString() {
    return "Rights[" + users.size() + " users]";
  }

  /** Builds {@link Rights}. Not safe for concurrent use. */
  public static final class Builder {

    private final Map<String, List<Permission>> roles = new HashMap<>();
    private final Map<String, List<String>> users = new HashMap<>();

    private Builder() {}

    /**
     * Adds a role.
     *
     * @param permissions such as {@code table:orders:write}, {@code table:sales_*:read}, {@code
     *     table:orders:*}, or {@code *} for everything
     * @throws InvalidConfigurationException if one is not so, or the role is there already
     */
    public Builder role(String name, String... permissions) {
      List<Permission> all =
          Arrays.stream(permissions).map(text -> Permission.parse(name, text)).toList();
      if (roles.putIfAbsent(name, all) != null) {
        throw new InvalidConfigurationException(
            "role", "'" + name + "' is given twice", "Give all its permissions at once");
      }
      return this;
    }

    /** Gives roles to a user, by the name of its principal, in addition to those that it has. */
    public Builder user(String name, String... given) {
      users.computeIfAbsent(name, user -> new ArrayList<>()).addAll(List.of(given));
      return this;
    }

    /**
     * Builds the rights.
     *
     * @throws InvalidConfigurationException if a user has a role that does not exist
     */
    public Rights build() {
      Map<String, List<Permission>> permissions = new HashMap<>();
      users.forEach(
          (user, given) ->
              permissions.put(
                  user, given.stream().flatMap(role -> of(user, role).stream()).toList()));
      return new Rights(permissions);
    }

    private List<Permission> of(String user, String role) {
      List<Permission> permissions = roles.get(role);
      if (permissions == null) {
        throw new InvalidConfigurationException(
            "user", "'" + user + "' has the unknown role '" + role + "'", "Add the role");
      }
      return permissions;
    }
  }
}
