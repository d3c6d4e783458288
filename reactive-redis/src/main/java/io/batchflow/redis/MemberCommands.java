package io.batchflow.redis;

import java.util.ArrayList;
import java.util.List;

/** The commands for a field or member of a key, and what each strategy means for them. */
final class MemberCommands {

  private MemberCommands() {}

  /** {@code HSET key field value}, or {@code HSETNX} if an existing field must stay. */
  record Field(String fieldColumn, String valueColumn, boolean overwrites)
      implements RedisMapping.Command {

    @Override
    public CommandTemplate bind(SchemaBinding binding, RedisMapping mapping) {
      CommandTemplate form =
          switch (binding.strategy()) {
            case FAIL -> CommandTemplate.of("HSETNX", ReplyRule.NEW_OR_REJECTED, false);
            case IGNORE -> CommandTemplate.of("HSETNX", ReplyRule.NEW_OR_IGNORED, true);
            case REPLACE, UPDATE -> {
              if (!overwrites) {
                throw binding.noMeaning("hsetnx", "FAIL and IGNORE; use hset to overwrite");
              }
              yield CommandTemplate.of("HSET", ReplyRule.NEW_OR_UPDATED, true);
            }
          };
      return Commands.expiring(
          form.with(binding.value(fieldColumn)).with(binding.value(valueColumn)), binding, mapping);
    }

    @Override
    public CommandTemplate bindUpdates(SchemaBinding binding, RedisMapping mapping) {
      if (!overwrites) {
        throw binding.noUpdates("hsetnx");
      }
      return ifPresent(
          binding, mapping, "HEXISTS", "HSET", fieldColumn, List.of(fieldColumn, valueColumn));
    }

    @Override
    public DeleteTemplates bindDeletes(SchemaBinding binding, RedisMapping mapping) {
      return DeleteTemplates.ofMember(
          binding,
          "HDEL",
          binding.value(fieldColumn),
          Commands.millis(binding, mapping),
          binding.text("HSET"),
          binding.value(fieldColumn),
          binding.value(valueColumn));
    }
  }

  /** {@code ZADD key [NX] score member} and similar commands. */
  record Member(String name, List<String> valueColumns) implements RedisMapping.Command {

    Member(String name, String... valueColumns) {
      this(name, List.of(valueColumns));
    }

    @Override
    public CommandTemplate bind(SchemaBinding binding, RedisMapping mapping) {
      CommandTemplate form =
          switch (binding.strategy()) {
            case FAIL ->
                CommandTemplate.of(
                    name, ReplyRule.NEW_OR_REJECTED, false, binding.text(Commands.NX));
            case IGNORE ->
                CommandTemplate.of(name, ReplyRule.NEW_OR_IGNORED, true, binding.text(Commands.NX));
            case REPLACE, UPDATE -> CommandTemplate.of(name, ReplyRule.NEW_OR_UPDATED, true);
          };
      for (String column : valueColumns) {
        form = form.with(binding.value(column));
      }
      return Commands.expiring(form, binding, mapping);
    }

    @Override
    public CommandTemplate bindUpdates(SchemaBinding binding, RedisMapping mapping) {
      return ifPresent(binding, mapping, "ZSCORE", name, memberColumn(), valueColumns);
    }

    private String memberColumn() {
      return valueColumns.get(valueColumns.size() - 1);
    }

    @Override
    public DeleteTemplates bindDeletes(SchemaBinding binding, RedisMapping mapping) {
      List<ArgumentWriter> store = new ArrayList<>();
      store.add(binding.text(name));
      valueColumns.forEach(column -> store.add(binding.value(column)));
      return DeleteTemplates.ofMember(
          binding,
          "ZREM",
          binding.value(memberColumn()),
          Commands.millis(binding, mapping),
          store.toArray(ArgumentWriter[]::new));
    }
  }

  /** {@code SADD key member}. A member has no value that could be overwritten. */
  record SetMember(String memberColumn) implements RedisMapping.Command {

    @Override
    public CommandTemplate bind(SchemaBinding binding, RedisMapping mapping) {
      CommandTemplate form =
          switch (binding.strategy()) {
            case FAIL -> CommandTemplate.of("SADD", ReplyRule.NEW_OR_REJECTED, false);
            case IGNORE -> CommandTemplate.of("SADD", ReplyRule.NEW_OR_IGNORED, true);
            case REPLACE, UPDATE -> throw binding.noMeaning("sadd", "FAIL and IGNORE");
          };
      return Commands.expiring(form.with(binding.value(memberColumn)), binding, mapping);
    }
  }

  /**
   * Returns the command that runs if a field or member exists.
   *
   * @param look the command that looks for it
   * @param command the command that updates it, with the values of columns
   */
  private static CommandTemplate ifPresent(
      SchemaBinding binding,
      RedisMapping mapping,
      String look,
      String command,
      String memberColumn,
      List<String> columns) {
    CommandTemplate form =
        CommandTemplate.script(
            Scripts.MEMBER_IF_PRESENT,
            binding.ifPresent(),
            true,
            Commands.millis(binding, mapping),
            binding.text(look),
            binding.value(memberColumn),
            binding.text(command));
    for (String column : columns) {
      form = form.with(binding.value(column));
    }
    return form;
  }
}
