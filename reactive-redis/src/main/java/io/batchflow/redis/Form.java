package io.batchflow.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form of the commands that a mapping makes of its rows.
 *
 * @param name the command's name; null if each row has its own
 * @param script run in the name's stead, on the key and the arguments; null if there is none
 * @param rule what a reply says
 * @param repeatable whether running it twice leaves what running it once does
 * @param arguments what follows the key
 * @param onlyValue the value of a SET that has nothing else, so that many become one MSET
 */
record Form(
    @Nullable Keyword name,
    @Nullable String script,
    ReplyRule rule,
    boolean repeatable,
    List<Argument> arguments,
    @Nullable Bytes onlyValue) {

  Form {
    arguments = List.copyOf(arguments);
  }

  static Form of(String name, ReplyRule rule, boolean repeatable, Argument... arguments) {
    return new Form(new Keyword(name), null, rule, repeatable, List.of(arguments), null);
  }

  static Form script(String script, ReplyRule rule, boolean repeatable, Argument... arguments) {
    return new Form(null, script, rule, repeatable, List.of(arguments), null);
  }

  Form with(Argument argument) {
    List<Argument> all = new ArrayList<>(arguments);
    all.add(argument);
    return new Form(name, script, rule, repeatable, all, onlyValue);
  }

  Form onlyValue(Bytes value) {
    return new Form(name, script, rule, repeatable, arguments, value);
  }

  Form repeatable(boolean whatever) {
    return new Form(name, script, rule, repeatable || whatever, arguments, onlyValue);
  }

  /** Returns this form with a time to live that is set in the same breath, by a script. */
  Form expiring(Argument millis) {
    Keyword command = name;
    if (command == null) {
      return this;
    }
    boolean onlyIfNew = rule == ReplyRule.NEW_OR_IGNORED || rule == ReplyRule.NEW_OR_REFUSED;
    List<Argument> all = new ArrayList<>();
    all.add(millis);
    all.add((args, row) -> args.add(command.getBytes()));
    all.addAll(arguments);
    String script = onlyIfNew ? Scripts.THEN_EXPIRE_IF_NEW : Scripts.THEN_EXPIRE;
    return new Form(null, script, rule, repeatable, all, null);
  }
}
