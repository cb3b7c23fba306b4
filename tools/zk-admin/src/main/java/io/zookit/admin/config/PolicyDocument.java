package io.zookit.admin.config;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Page;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import java.util.List;

/**
 * A policy as programs see it.
 *
 * @param namespace the namespace it applies to
 * @param policy the policy, its fields unwrapped next to {@code namespace}
 */
record PolicyDocument(String namespace, @JsonUnwrapped Policy policy) {

  static PolicyDocument of(Namespace namespace, Policy policy) {
    return new PolicyDocument(namespace.toString(), policy);
  }

  /** The rules of a policy under a page's other fields. */
  static Page rules(Page page, Policy policy) {
    page.field("public", policy.isPublic() ? "yes" : "no");
    page.optional("secret keys", Words.list(policy.secrets()));
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

  /** Layout of a policy. */
  static final class Lines implements Layout<PolicyDocument> {

    @Override
    public String name(PolicyDocument document) {
      return document.namespace;
    }

    @Override
    public List<Column<PolicyDocument>> columns() {
      return List.of();
    }

    @Override
    public Page page(PolicyDocument document) {
      Page page = Page.of(document.namespace);
      page.optional("layers", Words.list(document.policy.layers()));
      return rules(page, document.policy);
    }
  }
}
