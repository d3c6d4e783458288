package io.batchflow.redis;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.Row;
import io.lettuce.core.protocol.CommandArgs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Commands that the user names. */
final class CustomCommands {

  private CustomCommands() {}

  /** A command with a fixed name. */
  record Custom(String name, Function<SchemaBinding, ArgumentWriter> arguments)
      implements RedisMapping.Command {

    static Custom of(String name, List<KeyTemplate> templates) {
      return new Custom(
          checked(name),
          binding -> {
            List<ArgumentWriter> each = templates.stream().map(binding::template).toList();
            return (args, row) -> each.forEach(argument -> argument.addTo(args, row));
          });
    }

    static Custom of(String name, Function<Row, List<?>> rows) {
      return new Custom(
          checked(name),
          binding -> (args, row) -> rows.apply(row).forEach(value -> add(binding, args, value)));
    }

    private static void add(SchemaBinding binding, CommandArgs<byte[], byte[]> args, Object value) {
      args.add(binding.bytes("arguments", value));
    }

    private static String checked(String name) {
      String problem = CommandKeyword.problem(name);
      if (!problem.isEmpty()) {
        throw new InvalidConfigurationException(
            "command",
            "'" + name + "' " + problem,
            "Send such a command on a connection of its own");
      }
      return name;
    }

    @Override
    public CommandTemplate bind(SchemaBinding binding, RedisMapping mapping) {
      Commands.checkPlain(binding, "a custom command");
      return Commands.expiring(
          CommandTemplate.of(name, ReplyRule.WRITTEN, false, arguments.apply(binding)),
          binding,
          mapping);
    }
  }

  /** A command whose name is in the row. */
  record Raw() implements RedisMapping.Command {

    static final String NAME = "cmd";
    static final String KEY = "key";

    @Override
    public CommandTemplate bind(SchemaBinding binding, RedisMapping mapping) {
      Commands.checkPlain(binding, "raw");
      if (!mapping.expiry().isNever()) {
        throw binding.invalid("is raw with a time to live", "Send PEXPIRE as another row");
      }
      binding.position(NAME);
      List<ArgumentWriter> arguments = new ArrayList<>();
      for (String column : binding.schema().columns()) {
        if (!column.equals(NAME) && !column.equals(KEY)) {
          int position = binding.position(column);
          ArgumentWriter value = binding.value(column);
          arguments.add(
              (args, row) -> {
                if (row.isSet(position)) {
                  value.addTo(args, row);
                }
              });
        }
      }
      return new CommandTemplate(null, null, ReplyRule.WRITTEN, false, arguments, null);
    }

    /** Returns the command that a row names. */
    static CommandKeyword keyword(SchemaBinding binding, Row row) {
      byte[] bytes = binding.bytes(row, binding.position(NAME));
      String name = new String(bytes, StandardCharsets.UTF_8);
      String problem = CommandKeyword.problem(name);
      if (!problem.isEmpty()) {
        throw RedisWriteException.badValue(
            binding.schema(), NAME, problem, "Name a command that writes to its key", null);
      }
      return new CommandKeyword(name);
    }
  }
}
