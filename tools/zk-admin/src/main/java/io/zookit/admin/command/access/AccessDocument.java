package io.zookit.admin.command.access;

import io.zookit.admin.output.Column;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Page;
import io.zookit.core.AccessControl;
import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An access policy and the lists of the nodes, as programs see them.
 *
 * @param root what it counts for
 * @param roles the identities that play each role
 * @param nodes how many nodes there are
 * @param asPolicy how many of them have the list that the policy says
 * @param open how many of the others name {@code world:anyone}
 * @param others the nodes with another list
 */
record AccessDocument(
    String root,
    Map<String, List<String>> roles,
    int nodes,
    int asPolicy,
    long open,
    List<AccessControl.Survey.Deviation> others) {

  private static final int MOST_SHOWN = 20;

  static final Layout<AccessDocument> LAYOUT =
      Layout.ofPage(AccessDocument::root, AccessDocument::page);

  static AccessDocument of(String root, AccessPolicy policy, AccessControl.Survey survey) {
    Map<String, List<String>> roles = new TreeMap<>();
    for (Role role : policy.roles()) {
      roles.put(
          role.toString(),
          policy.identitiesOf(role).stream().map(Identity::asText).toList());
    }
    return new AccessDocument(
        root,
        roles,
        survey.nodes(),
        survey.nodes() - survey.deviations().size(),
        survey.openNodes(),
        survey.deviations());
  }

  /** A line of the table of roles. */
  private record Played(String role, String identity) {}

  private List<Played> played() {
    List<Played> played = new ArrayList<>();
    roles.forEach((role, identities) ->
        identities.forEach(identity -> played.add(new Played(role, identity))));
    return played;
  }

  private Page page() {
    List<AccessControl.Survey.Deviation> shown =
        others.stream().limit(MOST_SHOWN).toList();
    return Page.of("access policy of " + root)
        .field("nodes", nodes)
        .field("as the policy says", asPolicy)
        .field("with another list", others.size())
        .field("open to the world", open)
        .table(
            List.of(Column.of("ROLE", Played::role), Column.of("IDENTITY", Played::identity)),
            played())
        .table(
            List.of(
                Column.of("NODE", AccessControl.Survey.Deviation::path),
                Column.of(
                    shown.size() < others.size()
                        ? "THE FIRST " + MOST_SHOWN + " OF " + others.size()
                        : "WHY",
                    AccessControl.Survey.Deviation::reason)),
            shown);
  }
}
