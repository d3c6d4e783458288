package io.batchflow.spring.boot.guard;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.catalog.yaml.RightsYaml;
import io.batchflow.guard.Rights;
import io.batchflow.spring.boot.FlowStartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.util.ClassUtils;

/** Reads the rights of the properties, or of their file. */
final class RightsReader {

  private static final String LIBRARY = "io.batchflow.catalog.yaml.RightsYaml";

  private RightsReader() {}

  static Rights read(GuardProperties properties) {
    try {
      Resource file = properties.file();
      return file == null ? fromProperties(properties) : fromFile(file, properties);
    } catch (InvalidConfigurationException invalid) {
      throw failed(String.valueOf(invalid.getMessage()), invalid);
    }
  }

  private static Rights fromProperties(GuardProperties properties) {
    Rights.Builder rights = Rights.builder();
    properties.roles().forEach((role, permissions) -> rights.role(role, array(permissions)));
    properties.users().forEach((user, roles) -> rights.user(user, array(roles)));
    return rights.build();
  }

  private static String[] array(List<String> texts) {
    return texts.toArray(String[]::new);
  }

  private static Rights fromFile(Resource file, GuardProperties properties) {
    if (!properties.roles().isEmpty() || !properties.users().isEmpty()) {
      throw failed("There are both a file and roles or users in the properties.", null);
    }
    if (!ClassUtils.isPresent(LIBRARY, null)) {
      throw new FlowStartException(
          "The rights are in a file, and the library that reads it is missing.",
          "Add the dependency io.batchflow:batchflow-catalog-yaml, or write the rights as properties.",
          null);
    }
    try {
      return RightsYaml.create().read(file.getContentAsString(StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw failed("The file cannot be read.", unreadable);
    }
  }

  private static FlowStartException failed(String problem, @Nullable Throwable cause) {
    return new FlowStartException(
        "The rights of '%s' cannot be used: %s".formatted(GuardProperties.PREFIX, problem),
        "Check %1$s.file, or %1$s.roles and %1$s.users.".formatted(GuardProperties.PREFIX),
        cause);
  }
}
