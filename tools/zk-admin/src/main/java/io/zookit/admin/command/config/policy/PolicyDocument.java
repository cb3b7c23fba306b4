package io.zookit.admin.command.config.policy;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Page;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/**
 * A policy as programs see it.
 *
 * @param namespace the namespace it applies to
 * @param policy the policy, its fields unwrapped next to {@code namespace}
 */
public record PolicyDocument(
    String namespace, @JsonUnwrapped Policy policy) {

  private static final Layout<PolicyDocument> LAYOUT =
      Layout.ofPage(PolicyDocument::namespace, PolicyDocument::page);

  /** Writes a policy. */
  static void show(CommandContext context, Namespace namespace, Policy policy) {
    context.output().show(new PolicyDocument(namespace.toString(), policy), LAYOUT);
  }

  /** Adds the rules of a policy under a page's other fields. */
  public static Page rules(Page page, Policy policy) {
    page.field("public", policy.isPublic() ? "yes" : "no");
    page.optional("secret keys", DisplayText.list(policy.secrets()));
    page.optional("schema", policy.schema().isEmpty() ? "" : "yes");
    String advisory = policy.advisoryApprovals() ? ", advisory ones count" : "";
    page.field("approvals", policy.approvals() + advisory);
    page.field(
        "at most",
        policy.limits().keys() + " keys, " + policy.limits().characters()
            + " characters of flat keys and values");
    page.field(
        "kept",
        policy.keepNewest() + " releases, " + policy.keepYoungerThan().toDays() + " days, "
            + policy.keepBytes() / (1 << 20) + " MiB");
    return page.table(
        List.of(
            Column.of("FROZEN FROM", Policy.Freeze::from),
            Column.of("UNTIL", Policy.Freeze::until),
            Column.of("BECAUSE", Policy.Freeze::reason)),
        policy.freezes());
  }

  private Page page() {
    Page page = Page.of(namespace);
    page.optional("layers", DisplayText.list(policy.layers()));
    return rules(page, policy);
  }

  /** Returns the rules in which two policies differ, one line each. */
  public static List<String> changes(Policy before, Policy after) {
    List<String> lines = new ArrayList<>();
    for (RecordComponent rule : Policy.class.getRecordComponents()) {
      Object was = value(rule, before);
      Object is = value(rule, after);
      if (!was.equals(is)) {
        lines.add("~ " + rule.getName() + " = " + was + " -> " + is);
      }
    }
    return lines;
  }

  private static Object value(RecordComponent rule, Policy policy) {
    try {
      Object value = rule.getAccessor().invoke(policy);
      return value == null ? "none" : value;
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("a policy cannot be read: " + rule.getName(), e);
    }
  }
}
