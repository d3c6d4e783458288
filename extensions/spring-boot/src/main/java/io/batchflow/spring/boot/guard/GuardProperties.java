package io.batchflow.spring.boot.guard;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;

/**
 * The rights of users. There are none without users, roles or a file.
 *
 * @param file YAML file with the roles and the users, instead of the properties.
 * @param roles Permissions by the names of roles, such as table:orders:write.
 * @param users Roles by the names of users.
 * @param principal Key of the Reactor Context under which the user is.
 */
@ConfigurationProperties(GuardProperties.PREFIX)
public record GuardProperties(
    @Nullable Resource file,
    @DefaultValue Map<String, List<String>> roles,
    @DefaultValue Map<String, List<String>> users,
    @DefaultValue("io.batchflow.user") String principal) {

  static final String PREFIX = "batchflow.guard";
}
