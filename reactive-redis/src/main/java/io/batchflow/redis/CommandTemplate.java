package io.batchflow.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The template of the commands of a mapping.
 *
 * @param name the name of the command; null if each row has its own
 * @param script the script that runs instead of the command, with its key and arguments; null if
 *     there is none
 * @param rule what a reply means
 * @param repeatable whether running the command twice has the effect of running it once
 * @param arguments the arguments after the key
 * @param onlyValue the value of a SET without options, so that many can become one MSET
 */
record CommandTemplate(
    @Nullable CommandKeyword name,
    @Nullable String script,
    ReplyRule rule,
    boolean repeatable,
    List<ArgumentWriter> arguments,
    @Nullable RowBytes onlyValue) {

  CommandTemplate {
    arguments = List.copyOf(arguments);
  }

  static CommandTemplate of(
      String name, ReplyRule rule, boolean repeatable, ArgumentWriter... arguments) {
    return new CommandTemplate(
        new CommandKeyword(name), null, rule, repeatable, List.of(arguments), null);
  }

  static CommandTemplate script(
      String script, ReplyRule rule, boolean repeatable, ArgumentWriter... arguments) {
    return new CommandTemplate(null, script, rule, repeatable, List.of(arguments), null);
  }

  CommandTemplate with(ArgumentWriter argument) {
    List<ArgumentWriter> all = new ArrayList<>(arguments);
    all.add(argument);
    return new CommandTemplate(name, script, rule, repeatable, all, onlyValue);
  }

  CommandTemplate onlyValue(RowBytes value) {
    return new CommandTemplate(name, script, rule, repeatable, arguments, value);
  }

  CommandTemplate ruledBy(ReplyRule other) {
    return new CommandTemplate(name, script, other, repeatable, arguments, onlyValue);
  }

  CommandTemplate repeatable(boolean whatever) {
    return new CommandTemplate(name, script, rule, repeatable || whatever, arguments, onlyValue);
  }

  /** Returns this template with a time to live that a script sets atomically. */
  CommandTemplate expiring(ArgumentWriter millis) {
    CommandKeyword command = name;
    if (command == null) {
      return this;
    }
    boolean onlyIfNew = rule == ReplyRule.NEW_OR_IGNORED || rule == ReplyRule.NEW_OR_REJECTED;
    List<ArgumentWriter> all = new ArrayList<>();
    all.add(millis);
    all.add((args, row) -> args.add(command.getBytes()));
    all.addAll(arguments);
    String script = onlyIfNew ? Scripts.THEN_EXPIRE_IF_NEW : Scripts.THEN_EXPIRE;
    return new CommandTemplate(null, script, rule, repeatable, all, null);
  }
}
