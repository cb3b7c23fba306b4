package io.zookit.admin.command.group;

import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Page;
import io.zookit.admin.output.Style;
import io.zookit.core.FencingToken;
import io.zookit.group.GroupReport;
import io.zookit.group.MemberReport;
import io.zookit.group.PartitionPin;
import io.zookit.group.PartitionReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A group, as programs see it.
 *
 * @param resizing the number of partitions that it is about to have; null unless that changes
 * @param plan the number of the plan in force; 0 if there is none that can be read
 * @param planReadable false if nothing is planned because the plan cannot be read
 * @param unowned the number of partitions that no member owns
 * @param members in the order in which they plan
 */
record GroupDocument(
    String name,
    @Nullable Integer resizing,
    long plan,
    boolean planReadable,
    int unowned,
    List<MemberRow> members,
    List<PartitionRow> partitions) {

  /** The members, what operators have moved, and what is not where the plan wants it. */
  static final Layout<GroupDocument> LAYOUT =
      Layout.ofPage(GroupDocument::name, each -> each.page(row -> !row.isSettled()));

  /** The same with every partition. */
  static final Layout<GroupDocument> WITH_PARTITIONS =
      Layout.ofPage(GroupDocument::name, each -> each.page(row -> true));

  /**
   * A member.
   *
   * @param room the most partitions that it can claim; null without a limit
   * @param refuses partitions that it does not claim now
   * @param owned the number of partitions that it has claimed
   */
  record MemberRow(
      String id,
      boolean planner,
      boolean leaving,
      int weight,
      @Nullable String zone,
      @Nullable Long room,
      List<Integer> refuses,
      int owned,
      String label) {

    private static MemberRow of(MemberReport member) {
      return new MemberRow(
          member.id(),
          member.planner(),
          member.leaving(),
          member.weight(),
          member.zone().orElse(null),
          member.room().isPresent() ? member.room().getAsLong() : null,
          member.refuses(),
          member.owned(),
          member.label());
    }

    private Cell state() {
      String planning = planner ? ", plans" : "";
      return leaving
          ? new Cell("leaving" + planning, Style.ODD)
          : new Cell("joined" + planning, Style.GOOD);
    }
  }

  /**
   * A partition.
   *
   * @param target the member that is to own it; null if the plan gives it to none
   * @param owner the member that has claimed it; null if none has
   * @param token of that claim
   * @param movedUntil the end of the move by an operator; null without one
   */
  record PartitionRow(
      int index,
      @Nullable String target,
      @Nullable String owner,
      @Nullable String token,
      @Nullable Instant movedUntil) {

    private static PartitionRow of(PartitionReport partition) {
      return new PartitionRow(
          partition.index(),
          partition.target().orElse(null),
          partition.owner().orElse(null),
          partition.token().map(FencingToken::toString).orElse(null),
          partition.pin().map(PartitionPin::until).orElse(null));
    }

    private boolean isSettled() {
      return owner != null && owner.equals(target) && movedUntil == null;
    }

    private Cell ownerCell() {
      return owner == null ? new Cell("none", Style.BAD) : Cell.of(owner);
    }
  }

  static GroupDocument of(GroupReport report) {
    return new GroupDocument(
        report.name(),
        report.resizing().orElse(null),
        report.seq(),
        report.planReadable(),
        report.unowned(),
        report.members().stream().map(MemberRow::of).toList(),
        report.partitions().stream().map(PartitionRow::of).toList());
  }

  private Page page(Predicate<PartitionRow> shown) {
    Page page = Page.of("group " + name)
        .field("partitions", partitions.size() + (resizing == null ? "" : ", soon " + resizing))
        .field("unowned", new Cell(String.valueOf(unowned), unowned > 0 ? Style.BAD : Style.PLAIN))
        .field("plan", planReadable ? Cell.of(plan) : new Cell("cannot be read", Style.BAD));
    return page.table(memberColumns(), members)
        .table(
            List.of(
                Column.of("PARTITION", PartitionRow::index),
                new Column<>("OWNER", PartitionRow::ownerCell),
                Column.of("TARGET", row -> DisplayText.orBlank(row.target)),
                Column.of("TOKEN", row -> DisplayText.orBlank(row.token)),
                Column.of("MOVED UNTIL", row -> DisplayText.secondsOrBlank(row.movedUntil))),
            partitions.stream().filter(shown).toList());
  }

  private List<Column<MemberRow>> memberColumns() {
    List<Column<MemberRow>> columns = new ArrayList<>(List.of(
        Column.of("MEMBER", MemberRow::id),
        new Column<>("STATE", MemberRow::state),
        Column.of("OWNS", MemberRow::owned),
        Column.of("WEIGHT", MemberRow::weight)));
    if (members.stream().anyMatch(member -> member.zone != null)) {
      columns.add(Column.of("ZONE", member -> DisplayText.orBlank(member.zone)));
    }
    if (members.stream().anyMatch(member -> member.room != null)) {
      columns.add(Column.of("ROOM", member -> DisplayText.orBlank(member.room)));
    }
    if (members.stream().anyMatch(member -> !member.refuses.isEmpty())) {
      columns.add(Column.of("REFUSES", member -> DisplayText.list(member.refuses)));
    }
    columns.add(Column.of("CLIENT", MemberRow::label));
    return columns;
  }
}
