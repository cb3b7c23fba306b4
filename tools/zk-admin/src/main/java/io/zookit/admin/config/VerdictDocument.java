package io.zookit.admin.config;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import java.util.List;

/**
 * The result of a verification.
 *
 * @param headHash the hash of the newest release
 * @param problems the deviations found; empty if everything is as it was written
 */
record VerdictDocument(
    String namespace,
    boolean intact,
    int releases,
    int entries,
    String headHash,
    List<String> problems) {

  static final Layout<VerdictDocument> LAYOUT = Layout.of(
      VerdictDocument::namespace,
      new Column<>(
          "RESULT",
          verdict ->
              verdict.intact ? new Cell("intact", Tone.GOOD) : new Cell("changed", Tone.BAD)),
      Column.of("RELEASES", VerdictDocument::releases),
      Column.of("CHANGES", VerdictDocument::entries),
      Column.of("HASH", VerdictDocument::headHash),
      new Column<>("PROBLEMS", verdict -> new Cell(String.join("; ", verdict.problems), Tone.BAD)));

  static VerdictDocument of(Namespace ns, History.Verdict verdict) {
    return new VerdictDocument(
        ns.toString(),
        verdict.isIntact(),
        verdict.releases(),
        verdict.entries(),
        verdict.headHash(),
        verdict.problems());
  }
}
