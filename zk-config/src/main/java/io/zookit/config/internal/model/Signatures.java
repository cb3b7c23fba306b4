package io.zookit.config.internal.model;

import io.zookit.config.Drafts;
import io.zookit.config.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Authors and approvals of a change.
 *
 * <p>An approval counts once a person, and never of an author. Without identities it is a name that anybody can give,
 * so it counts only if the policy says so.
 */
public record Signatures(List<Signer> authors, List<Drafts.Approval> approvals) {

  public static final Signatures NONE = new Signatures(List.of(), List.of());

  public Signatures {
    authors = List.copyOf(authors);
    approvals = List.copyOf(approvals);
  }

  /** The approvals that count under a policy. */
  public List<Drafts.Approval> counted(Policy policy) {
    if (!policy.advisoryApprovals() && authors.stream().anyMatch(Signer::isAdvisory)) {
      return List.of();
    }
    List<Drafts.Approval> counted = new ArrayList<>();
    List<Signer> others = new ArrayList<>(authors);
    for (Drafts.Approval approval : approvals) {
      Signer approver = Signer.of(approval);
      boolean worth = !approver.isAdvisory() || policy.advisoryApprovals();
      if (worth && others.stream().noneMatch(approver::isSameAs)) {
        counted.add(approval);
        others.add(approver);
      }
    }
    return List.copyOf(counted);
  }

  /** The reason why a person cannot approve this under a policy; empty if the person can. */
  public Optional<String> objection(Signer approver, Policy policy) {
    if (!policy.advisoryApprovals()) {
      if (approver.isAdvisory()) {
        return Optional.of("this connection has no authenticated identity, so the approval of "
            + approver.label() + " would be advisory only, which the policy does not accept");
      }
      Optional<Signer> unknown = authors.stream().filter(Signer::isAdvisory).findFirst();
      if (unknown.isPresent()) {
        return Optional.of(unknown.get().label() + " wrote it without an authenticated identity,"
            + " so an approval would be advisory only, which the policy does not accept");
      }
    }
    return authors.stream()
        .filter(approver::isSameAs)
        .findFirst()
        .map(author -> "it was written by " + author + ", so another must approve it");
  }

  /** These with one more approval, which replaces an earlier one of the same person. */
  public Signatures with(Drafts.Approval approval) {
    Signer approver = Signer.of(approval);
    List<Drafts.Approval> all = new ArrayList<>(approvals);
    all.removeIf(each -> Signer.of(each).isSameAs(approver));
    all.add(approval);
    return new Signatures(authors, all);
  }
}
