package io.batchflow.redis;

import io.batchflow.ConflictStrategy;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Request;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.protocol.CommandArgs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;

/** The commands, each with what the strategies mean for it: the table in docs/redis.md. */
final class Commands {

  private static final String NX = "NX";

  private Commands() {}

  /** {@code SET key value [PX ms] [NX]}. */
  record Set(String valueColumn) implements RedisMapping.Command {

    @Override
    public Form bind(Binding binding, RedisMapping mapping) {
      Form form =
          switch (binding.strategy()) {
            case FAIL -> Form.of("SET", ReplyRule.NEW_OR_REFUSED, false);
            case IGNORE -> Form.of("SET", ReplyRule.NEW_OR_IGNORED, true);
            case REPLACE, UPDATE -> Form.of("SET", ReplyRule.WRITTEN, true);
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

    private static Argument px(Expiry.Millis expiry) {
      return (args, row) -> {
        long millis = expiry.of(row);
        if (millis != Expiry.NONE) {
          args.add("PX").add(millis);
        }
      };
    }
  }

  /** {@code HSET key field value …}, and scripts where the whole hash is meant. */
  record Hash() implements RedisMapping.Command {

    @Override
    public Form bind(Binding binding, RedisMapping mapping) {
      Argument fields = binding.fields(otherColumns(binding, mapping));
      Argument millis = millis(binding, mapping);
      return switch (binding.strategy()) {
        case FAIL ->
            Form.script(Scripts.HASH_IF_ABSENT, ReplyRule.NEW_OR_REFUSED, false, millis, fields);
        case IGNORE ->
            Form.script(Scripts.HASH_IF_ABSENT, ReplyRule.NEW_OR_IGNORED, true, millis, fields);
        case REPLACE ->
            Form.script(Scripts.HASH_REPLACED, ReplyRule.NEW_OR_UPDATED, true, millis, fields);
        case UPDATE -> expiring(Form.of("HSET", ReplyRule.WRITTEN, true, fields), binding, mapping);
      };
    }
  }

  /** {@code HSET key field value}, {@code HSETNX} where the first shall stay. */
  record Field(String fieldColumn, String valueColumn, boolean overwrites)
      implements RedisMapping.Command {

    @Override
    public Form bind(Binding binding, RedisMapping mapping) {
      Form form =
          switch (binding.strategy()) {
            case FAIL -> Form.of("HSETNX", ReplyRule.NEW_OR_REFUSED, false);
            case IGNORE -> Form.of("HSETNX", ReplyRule.NEW_OR_IGNORED, true);
            case REPLACE, UPDATE -> {
              if (!overwrites) {
                throw binding.noMeaning("hsetnx", "FAIL and IGNORE; use hset to overwrite");
              }
              yield Form.of("HSET", ReplyRule.NEW_OR_UPDATED, true);
            }
          };
      return expiring(
          form.with(binding.value(fieldColumn)).with(binding.value(valueColumn)), binding, mapping);
    }
  }

  /** {@code ZADD key [NX] score member} and its like. */
  record Member(String name, List<String> valueColumns) implements RedisMapping.Command {

    Member(String name, String... valueColumns) {
      this(name, List.of(valueColumns));
    }

    @Override
    public Form bind(Binding binding, RedisMapping mapping) {
      Form form =
          switch (binding.strategy()) {
            case FAIL -> Form.of(name, ReplyRule.NEW_OR_REFUSED, false, binding.text(NX));
            case IGNORE -> Form.of(name, ReplyRule.NEW_OR_IGNORED, true, binding.text(NX));
            case REPLACE, UPDATE -> Form.of(name, ReplyRule.NEW_OR_UPDATED, true);
          };
      for (String column : valueColumns) {
        form = form.with(binding.value(column));
      }
      return expiring(form, binding, mapping);
    }
  }

  /** {@code SADD key member}: there is nothing to a member that could be overwritten. */
  record SetMember(String memberColumn) implements RedisMapping.Command {

    @Override
    public Form bind(Binding binding, RedisMapping mapping) {
      Form form =
          switch (binding.strategy()) {
            case FAIL -> Form.of("SADD", ReplyRule.NEW_OR_REFUSED, false);
            case IGNORE -> Form.of("SADD", ReplyRule.NEW_OR_IGNORED, true);
            case REPLACE, UPDATE -> throw binding.noMeaning("sadd", "FAIL and IGNORE");
          };
      return expiring(form.with(binding.value(memberColumn)), binding, mapping);
    }
  }

  /** A command that finds no conflict: its name, the key and columns. */
  record Plain(String name, boolean repeatable, List<String> columns)
      implements RedisMapping.Command {

    Plain(String name, boolean repeatable, String... columns) {
      this(name, repeatable, List.of(columns));
    }

    @Override
    public Form bind(Binding binding, RedisMapping mapping) {
      checkPlain(binding, name);
      if (!keepsKey() && !mapping.expiry().isNever()) {
        throw binding.invalid("is " + name + " with a time to live", "It leaves no key to expire");
      }
      Form form = Form.of(name, ReplyRule.WRITTEN, repeatable);
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
    public Form bind(Binding binding, RedisMapping mapping) {
      checkPlain(binding, "xadd");
      Argument idAndTrimming = (args, row) -> options.build(args);
      Argument fields = binding.fields(otherColumns(binding, mapping));
      return expiring(
          Form.of("XADD", ReplyRule.WRITTEN, false, idAndTrimming, fields), binding, mapping);
    }
  }

  /** {@code PEXPIRE key ms}. */
  record Expire() implements RedisMapping.Command {

    @Override
    public Form bind(Binding binding, RedisMapping mapping) {
      checkPlain(binding, "expire");
      if (mapping.expiry().isNever()) {
        throw binding.invalid("is expire without a time", "Give one with expireAfter");
      }
      Expiry.Millis expiry = mapping.expiry().bind(binding);
      Argument millis =
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
      return Form.of("PEXPIRE", ReplyRule.WRITTEN, true, millis);
    }
  }

  /** A command of the caller's. */
  record Custom(String name, Function<Binding, Argument> arguments)
      implements RedisMapping.Command {

    static Custom of(String name, List<KeyTemplate> templates) {
      return new Custom(
          checked(name),
          binding -> {
            List<Argument> each = templates.stream().map(binding::template).toList();
            return (args, row) -> each.forEach(argument -> argument.addTo(args, row));
          });
    }

    static Custom of(String name, Function<Request, List<?>> rows) {
      return new Custom(
          checked(name),
          binding -> (args, row) -> rows.apply(row).forEach(value -> add(binding, args, value)));
    }

    private static void add(Binding binding, CommandArgs<byte[], byte[]> args, Object value) {
      args.add(binding.bytes("arguments", value));
    }

    private static String checked(String name) {
      String problem = Keyword.problem(name);
      if (!problem.isEmpty()) {
        throw new InvalidConfigurationException(
            "command",
            "'" + name + "' " + problem,
            "Send such a command on a connection of its own");
      }
      return name;
    }

    @Override
    public Form bind(Binding binding, RedisMapping mapping) {
      checkPlain(binding, "a command of one's own");
      return expiring(
          Form.of(name, ReplyRule.WRITTEN, false, arguments.apply(binding)), binding, mapping);
    }
  }

  /** A command for each row, as it stands. */
  record Raw() implements RedisMapping.Command {

    static final String NAME = "cmd";
    static final String KEY = "key";

    @Override
    public Form bind(Binding binding, RedisMapping mapping) {
      checkPlain(binding, "raw");
      if (!mapping.expiry().isNever()) {
        throw binding.invalid("is raw with a time to live", "Send PEXPIRE as a row of its own");
      }
      binding.position(NAME);
      List<Argument> arguments = new ArrayList<>();
      for (String column : binding.schema().columns()) {
        if (!column.equals(NAME) && !column.equals(KEY)) {
          int position = binding.position(column);
          Argument value = binding.value(column);
          arguments.add(
              (args, row) -> {
                if (row.isSet(position)) {
                  value.addTo(args, row);
                }
              });
        }
      }
      return new Form(null, null, ReplyRule.WRITTEN, false, arguments, null);
    }

    /** Returns the command that a row names. */
    static Keyword keyword(Binding binding, Request row) {
      byte[] bytes = binding.bytes(row, binding.position(NAME));
      String name = new String(bytes, StandardCharsets.UTF_8);
      String problem = Keyword.problem(name);
      if (!problem.isEmpty()) {
        throw RedisWriteException.badValue(
            binding.schema(), NAME, problem, "Name a command that writes to its key", null);
      }
      return new Keyword(name);
    }
  }

  private static void checkPlain(Binding binding, String command) {
    if (binding.strategy() != ConflictStrategy.FAIL) {
      throw binding.noMeaning(command, "FAIL, the default");
    }
  }

  private static List<String> otherColumns(Binding binding, RedisMapping mapping) {
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

  private static Argument millis(Binding binding, RedisMapping mapping) {
    Expiry.Millis expiry = mapping.expiry().bind(binding);
    return (args, row) -> args.add(expiry.of(row));
  }

  private static Form expiring(Form form, Binding binding, RedisMapping mapping) {
    return mapping.expiry().isNever() ? form : form.expiring(millis(binding, mapping));
  }
}
