package io.batchflow.redis;

import io.batchflow.ConflictStrategy;
import io.lettuce.core.XAddArgs;
import java.util.HashSet;
import java.util.List;

/**
 * The commands for a whole key, and what each strategy means for them, as the table in
 * docs/redis.md shows.
 */
final class Commands {

  static final String NX = "NX";

  private Commands() {}

  /** {@code SET key value [PX ms] [NX]}. */
  record Set(String valueColumn) implements RedisMapping.Command {

    @Override
    public CommandTemplate bind(SchemaBinding binding, RedisMapping mapping) {
      CommandTemplate form =
          switch (binding.strategy()) {
            case FAIL -> CommandTemplate.of("SET", ReplyRule.NEW_OR_REJECTED, false);
            case IGNORE -> CommandTemplate.of("SET", ReplyRule.NEW_OR_IGNORED, true);
            case REPLACE, UPDATE -> CommandTemplate.of("SET", ReplyRule.WRITTEN, true);
          };
      form = form.with(binding.value(valueColumn));
      if (!mapping.expiry().isNever()) {
        form = form.with(px(mapping.expiry().bind(binding)));
      }
      if (form.rule() != ReplyRule.WRITTEN) {
        return form.with(binding.text(NX));
      }
      int position = binding.position(valueColumn);
      return mapping.expiry().isNever()
          ? form.onlyValue(row -> binding.bytes(row, position))
          : form;
    }

    @Override
    public CommandTemplate bindUpdates(SchemaBinding binding, RedisMapping mapping) {
      CommandTemplate form =
          CommandTemplate.of("SET", binding.ifPresent(), true, binding.value(valueColumn));
      return (mapping.expiry().isNever() ? form : form.with(px(mapping.expiry().bind(binding))))
          .with(binding.text("XX"));
    }

    /** SET replaces whatever the key holds, and its time to live. */
    @Override
    public DeleteTemplates bindDeletes(SchemaBinding binding, RedisMapping mapping) {
      CommandTemplate set = CommandTemplate.of("SET", ReplyRule.WRITTEN, true);
      set = set.with(binding.value(valueColumn));
      return DeleteTemplates.ofKey(
          mapping.expiry().isNever() ? set : set.with(px(mapping.expiry().bind(binding))));
    }

    private static ArgumentWriter px(Expiry.Millis expiry) {
      return (args, row) -> {
        long millis = expiry.of(row);
        if (millis != Expiry.NONE) {
          args.add("PX").add(millis);
        }
      };
    }
  }

  /** {@code HSET key field value …}, or a script if the strategy is about the whole hash. */
  record Hash() implements RedisMapping.Command {

    @Override
    public CommandTemplate bind(SchemaBinding binding, RedisMapping mapping) {
      ArgumentWriter fields = binding.fields(otherColumns(binding, mapping));
      ArgumentWriter millis = millis(binding, mapping);
      return switch (binding.strategy()) {
        case FAIL ->
            CommandTemplate.script(
                Scripts.HASH_IF_ABSENT, ReplyRule.NEW_OR_REJECTED, false, millis, fields);
        case IGNORE ->
            CommandTemplate.script(
                Scripts.HASH_IF_ABSENT, ReplyRule.NEW_OR_IGNORED, true, millis, fields);
        case REPLACE ->
            CommandTemplate.script(
                Scripts.HASH_REPLACED, ReplyRule.NEW_OR_UPDATED, true, millis, fields);
        case UPDATE ->
            expiring(CommandTemplate.of("HSET", ReplyRule.WRITTEN, true, fields), binding, mapping);
      };
    }

    @Override
    public CommandTemplate bindUpdates(SchemaBinding binding, RedisMapping mapping) {
      return CommandTemplate.script(
          Scripts.HASH_IF_PRESENT,
          binding.ifPresent(),
          true,
          millis(binding, mapping),
          binding.fields(otherColumns(binding, mapping)));
    }

    @Override
    public DeleteTemplates bindDeletes(SchemaBinding binding, RedisMapping mapping) {
      return DeleteTemplates.ofKey(
          CommandTemplate.script(
              Scripts.HASH_REPLACED,
              ReplyRule.WRITTEN,
              true,
              millis(binding, mapping),
              binding.fields(otherColumns(binding, mapping))));
    }
  }

  /** A command that has no conflicts: its name, the key, and the values of columns. */
  record Plain(String name, boolean repeatable, List<String> columns)
      implements RedisMapping.Command {

    Plain(String name, boolean repeatable, String... columns) {
      this(name, repeatable, List.of(columns));
    }

    @Override
    public CommandTemplate bind(SchemaBinding binding, RedisMapping mapping) {
      checkPlain(binding, name);
      if (!keepsKey() && !mapping.expiry().isNever()) {
        throw binding.invalid("is " + name + " with a time to live", "It leaves no key to expire");
      }
      CommandTemplate form = CommandTemplate.of(name, ReplyRule.WRITTEN, repeatable);
      for (String column : columns) {
        form = form.with(binding.value(column));
      }
      return expiring(form, binding, mapping);
    }

    private boolean keepsKey() {
      return !name.equals("DEL") && !name.equals("PUBLISH");
    }
  }

  /** {@code XADD key [MAXLEN …] * field value …}. */
  record Entry(XAddArgs options) implements RedisMapping.Command {

    @Override
    public CommandTemplate bind(SchemaBinding binding, RedisMapping mapping) {
      checkPlain(binding, "xadd");
      ArgumentWriter idAndTrimming = (args, row) -> options.build(args);
      ArgumentWriter fields = binding.fields(otherColumns(binding, mapping));
      return expiring(
          CommandTemplate.of("XADD", ReplyRule.WRITTEN, false, idAndTrimming, fields),
          binding,
          mapping);
    }
  }

  /** {@code PEXPIRE key ms}. */
  record Expire() implements RedisMapping.Command {

    @Override
    public CommandTemplate bind(SchemaBinding binding, RedisMapping mapping) {
      checkPlain(binding, "expire");
      if (mapping.expiry().isNever()) {
        throw binding.invalid("is expire without a time", "Give one with expireAfter");
      }
      Expiry.Millis expiry = mapping.expiry().bind(binding);
      ArgumentWriter millis =
          (args, row) -> {
            long time = expiry.of(row);
            if (time == Expiry.NONE) {
              throw RedisWriteException.badValue(
                  binding.schema(),
                  String.valueOf(mapping.expiry().column()),
                  "has no time to live",
                  "Give every row one",
                  null);
            }
            args.add(time);
          };
      return CommandTemplate.of("PEXPIRE", ReplyRule.WRITTEN, true, millis);
    }
  }

  static void checkPlain(SchemaBinding binding, String command) {
    if (binding.strategy() != ConflictStrategy.FAIL) {
      throw binding.noMeaning(command, "FAIL, the default");
    }
  }

  private static List<String> otherColumns(SchemaBinding binding, RedisMapping mapping) {
    java.util.Set<String> others = new HashSet<>(mapping.key().columns());
    others.add(String.valueOf(mapping.expiry().column()));
    List<String> columns =
        binding.schema().columns().stream().filter(column -> !others.contains(column)).toList();
    if (columns.isEmpty()) {
      throw binding.invalid(
          "has no column left to be a field", "Give it one that the key does not name");
    }
    return columns;
  }

  static ArgumentWriter millis(SchemaBinding binding, RedisMapping mapping) {
    Expiry.Millis expiry = mapping.expiry().bind(binding);
    return (args, row) -> args.add(expiry.of(row));
  }

  static CommandTemplate expiring(
      CommandTemplate form, SchemaBinding binding, RedisMapping mapping) {
    return mapping.expiry().isNever() ? form : form.expiring(millis(binding, mapping));
  }
}
