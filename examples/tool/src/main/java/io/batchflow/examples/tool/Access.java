package io.batchflow.examples.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where the catalog and the rows are: options, environment variables and files of passwords. */
final class Access {

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--catalog",
      paramLabel = "URL",
      description = {
        "The catalog: an R2DBC URL such as r2dbc:postgresql://user@host/database,",
        "redis://user@host:6379, or memory for the tables of --tables.",
        "Default: the variable BATCHFLOW_CATALOG"
      })
  private @Nullable String catalog;

  @Option(
      names = "--catalog-password-file",
      paramLabel = "FILE",
      description = {
        "A file whose first line is the password of the catalog.",
        "Default: the variable BATCHFLOW_CATALOG_PASSWORD"
      })
  private @Nullable Path catalogPassword;

  @Option(
      names = "--catalog-name",
      paramLabel = "NAME",
      defaultValue = "batchflow",
      description = "The name of the catalog in Redis. Default: ${DEFAULT-VALUE}")
  private String catalogName = "";

  @Option(
      names = "--tables",
      paramLabel = "FILE",
      description = {
        "A YAML file with the defaults of the catalog, and the tables of one in memory"
      })
  private @Nullable Path tables;

  @Option(
      names = "--db",
      paramLabel = "URL",
      description = {
        "The R2DBC URL of the database that has the rows.",
        "Default: the variable BATCHFLOW_DB, or else that of the catalog"
      })
  private @Nullable String db;

  @Option(
      names = "--db-password-file",
      paramLabel = "FILE",
      description = {
        "A file whose first line is the password of the database.",
        "Default: the variable BATCHFLOW_DB_PASSWORD"
      })
  private @Nullable Path dbPassword;

  /** Opens the catalog, and the database if there is one. Both are connected when needed. */
  Session open() {
    String url = value(catalog, "BATCHFLOW_CATALOG");
    if (url == null) {
      throw ToolException.usage(
          "Name the catalog by --catalog or the variable BATCHFLOW_CATALOG: memory, an R2DBC URL,"
              + " or redis://host:6379.");
    }
    String secret = secret(catalogPassword, "BATCHFLOW_CATALOG_PASSWORD");
    String rows = value(db, "BATCHFLOW_DB");
    if (rows != null) {
      String rowsSecret = secret(dbPassword, "BATCHFLOW_DB_PASSWORD");
      return Session.open(
          StoreLink.open(url, secret, catalogName), tables, Databases.of(rows, rowsSecret));
    }
    return Session.open(
        StoreLink.open(url, secret, catalogName),
        tables,
        Databases.isUrl(url) ? Databases.of(url, secret) : null);
  }

  private @Nullable String value(@Nullable String option, String variable) {
    if (option != null) {
      return option;
    }
    Batchflow program = (Batchflow) Objects.requireNonNull(command).root().userObject();
    String value = program.variable(variable);
    return value.isEmpty() ? null : value;
  }

  private @Nullable String secret(@Nullable Path file, String variable) {
    if (file == null) {
      return value(null, variable);
    }
    try (var lines = Files.lines(file)) {
      return lines
          .findFirst()
          .orElseThrow(
              () -> ToolException.usage("The file " + file + " is empty. Write a password to it."));
    } catch (IOException unreadable) {
      throw ToolException.usage(
          "The file "
              + file
              + " cannot be read ("
              + unreadable.getClass().getSimpleName()
              + "). Give a file whose first line is the password.");
    }
  }
}
