package io.batchflow.redis;

/**
 * The commands of rows that delete their keys.
 *
 * @param delete deletes the key, or the field or member of it
 * @param thenStore deletes it and stores a row, as one command, so that nothing can come between
 */
record DeleteTemplates(CommandTemplate delete, CommandTemplate thenStore) {

  private static CommandTemplate of(String name, ArgumentWriter... member) {
    return CommandTemplate.of(name, ReplyRule.DELETED_OR_ABSENT, true, member);
  }

  /** Returns the commands for a mapping that stores a whole key. */
  static DeleteTemplates ofKey(CommandTemplate thenStore) {
    return new DeleteTemplates(of("DEL"), thenStore);
  }

  /**
   * Returns the commands for a mapping that stores a field or member of a key.
   *
   * @param millis the time to live of the key
   * @param store the arguments that store the member, from the name of the command
   */
  static DeleteTemplates ofMember(
      SchemaBinding binding,
      String name,
      ArgumentWriter member,
      ArgumentWriter millis,
      ArgumentWriter... store) {
    CommandTemplate then =
        CommandTemplate.script(
            Scripts.REMOVE_THEN, ReplyRule.WRITTEN, true, millis, binding.text(name), member);
    for (ArgumentWriter argument : store) {
      then = then.with(argument);
    }
    return new DeleteTemplates(of(name, member), then);
  }
}
