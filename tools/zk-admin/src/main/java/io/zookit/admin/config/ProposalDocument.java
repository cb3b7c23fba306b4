package io.zookit.admin.config;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Page;
import io.zookit.admin.shell.Tone;
import io.zookit.config.Namespace;
import io.zookit.config.Proposal;
import java.util.List;

/**
 * The effect that a publish would have, as programs see it.
 *
 * @param number the release it would create
 * @param base the release that is stable now; 0 for none
 * @param unchanged whether it would create no release
 * @param instances the number of live instances that would get it
 * @param problems the reasons for which it would be refused
 */
record ProposalDocument(
    String namespace,
    int number,
    int base,
    boolean unchanged,
    int instances,
    List<String> problems,
    List<DiffDocument.KeyLine> keys,
    List<String> unified) {

  static ProposalDocument of(Namespace ns, Proposal proposal) {
    DiffDocument diff = DiffDocument.of(ns, "", "", proposal.diff());
    return new ProposalDocument(
        ns.toString(),
        proposal.number(),
        proposal.base(),
        proposal.unchanged(),
        proposal.instances(),
        proposal.problems(),
        diff.keys(),
        diff.unified());
  }

  /** Layout of a proposal, above the lines of its difference. */
  record Lines(List<Cell> lines) implements Layout<ProposalDocument> {

    @Override
    public String name(ProposalDocument proposal) {
      return proposal.namespace;
    }

    @Override
    public List<Column<ProposalDocument>> columns() {
      return List.of(
          Column.of("NAMESPACE", ProposalDocument::namespace),
          Column.of("RELEASE", ProposalDocument::number),
          Column.of("CHANGED KEYS", proposal -> proposal.keys.size()),
          Column.of("INSTANCES", ProposalDocument::instances),
          new Column<>("RESULT", Lines::result));
    }

    private static Cell result(ProposalDocument proposal) {
      if (!proposal.problems.isEmpty()) {
        return new Cell("refused: " + String.join("; ", proposal.problems), Tone.BAD);
      }
      return proposal.unchanged ? Cell.of("unchanged") : new Cell("can be published", Tone.GOOD);
    }

    @Override
    public Page page(ProposalDocument proposal) {
      Page page = Page.of(proposal.namespace)
          .field("would be", "release " + proposal.number + " on top of " + proposal.base)
          .field("instances", proposal.instances)
          .field("result", result(proposal));
      return page.text(lines);
    }
  }
}
