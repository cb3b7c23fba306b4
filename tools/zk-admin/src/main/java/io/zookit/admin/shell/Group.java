package io.zookit.admin.shell;

import java.util.List;
import java.util.Map;

/**
 * Commands about one kind of thing: {@code zookit NAME VERB}. A group is this list and a class for each verb; it needs no
 * more.
 *
 * @param name of the group
 * @param says what it is for, in half a line
 * @param verbs its commands
 * @param groups commands about a part of it: {@code zookit NAME PART VERB}
 * @param failures which exceptions of its module end a command with which code
 */
public record Group(
    String name,
    String says,
    List<Verb> verbs,
    List<Group> groups,
    Map<Class<? extends Throwable>, ExitCode> failures) {

  /** A group whose verbs fail in no way of their own. */
  public Group(String name, String says, List<Verb> verbs) {
    this(name, says, verbs, List.of(), Map.of());
  }

  /** A group whose verbs fail in ways of their own. */
  public Group(
      String name,
      String says,
      List<Verb> verbs,
      Map<Class<? extends Throwable>, ExitCode> failures) {
    this(name, says, verbs, List.of(), failures);
  }
}
