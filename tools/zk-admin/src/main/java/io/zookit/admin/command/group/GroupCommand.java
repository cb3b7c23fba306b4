package io.zookit.admin.command.group;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.DurationConverter;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.cli.WatchOptions;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.core.LiveValue;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.group.Group;
import io.zookit.group.GroupInspector;
import io.zookit.group.GroupMember;
import io.zookit.group.GroupMismatchException;
import io.zookit.group.GroupNotFoundException;
import io.zookit.group.GroupReport;
import io.zookit.group.GroupView;
import io.zookit.group.OwnerSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about groups. */
@Command(
    name = "group",
    description = "Groups that share partitions: list, show, watch, move a partition, resize.")
@VerbOrder({"list", "show", "watch", "move", "resize", "replan"})
public final class GroupCommand extends CommandGroup {

  /** Work with the groups. */
  private interface GroupWork {
    void run(GroupInspector groups) throws InterruptedException;
  }

  /** The name of a group. */
  record ListedGroup(String name) {

    private static final Layout<ListedGroup> LAYOUT =
        Layout.of(ListedGroup::name, Column.of("NAME", ListedGroup::name));
  }

  /** Creates the commands of a context. */
  public GroupCommand(CommandContext context) {
    super(context);
  }

  /** Does something, connected; a failure names the command that helps. */
  private void run(GroupWork work) throws InterruptedException {
    try (ZkClient client = context().connect()) {
      work.run(GroupInspector.in(client).timeout(context().timeout()));
    } catch (GroupNotFoundException e) {
      throw new CommandException(
          ExitCode.NOT_FOUND, e.getMessage() + "; `zookit group list` shows what exists", e);
    } catch (GroupMismatchException e) {
      throw new CommandException(
          ExitCode.CONFLICT, e.getMessage() + "; see `zookit group show`", e);
    }
  }

  private void show(GroupReport report) {
    context().output().show(GroupDocument.of(report), GroupDocument.LAYOUT);
  }

  @Command(
      name = "list",
      description = "List the groups.",
      footer = {
        "  zookit group list",
        "  zookit group list ind                  only those whose names begin so",
        "  zookit group list -o json"
      })
  void list(
      @Parameters(
              paramLabel = "PREFIX",
              arity = "0..1",
              defaultValue = "",
              description = "What the names begin with.")
          String prefix)
      throws InterruptedException {
    run(groups -> context()
        .output()
        .list(
            groups.list().stream()
                .filter(name -> name.startsWith(prefix))
                .map(ListedGroup::new)
                .toList(),
            ListedGroup.LAYOUT));
  }

  @Command(
      name = "show",
      description = {
        "Show a group: its members, and the partitions that are not owned as the plan says, or that an",
        "operator has moved."
      },
      footer = {
        "  zookit group show indexers",
        "  zookit group show indexers --partitions",
        "  zookit group show indexers -o json"
      })
  void show(
      @Parameters(paramLabel = "NAME", description = "The name of the group.") String name,
      @Option(names = "--partitions", description = "Show every partition.") boolean all)
      throws InterruptedException {
    run(groups -> context()
        .output()
        .show(
            GroupDocument.of(groups.show(name)),
            all ? GroupDocument.WITH_PARTITIONS : GroupDocument.LAYOUT));
  }

  @Command(
      name = "watch",
      description = "Follow the owners of a group until Ctrl-C: them now, and each change.",
      footer = {"  zookit group watch indexers", "  zookit group watch indexers -o json --changes 1"
      })
  void watch(
      @Parameters(paramLabel = "NAME", description = "The name of the group.") String name,
      @Mixin WatchOptions watching)
      throws InterruptedException {
    Timekeeper timekeeper = context().environment().timekeeper();
    try (ZkClient client = context().connect();
        LiveValue<GroupView> live = Group.named(name, client).follow(OwnerSource.CLAIMS)) {
      watching.follow(
          context(),
          client,
          live,
          view -> GroupMoment.of(timekeeper.now().truncatedTo(ChronoUnit.MILLIS), name, view),
          GroupMoment.LAYOUT);
    }
  }

  @Command(
      name = "move",
      description = {
        "Give a partition to a member for a time, whatever the balance, or end that with --end.",
        "It is handed over as the plan's moves are. It stays where it is while that member is absent,",
        "leaves or refuses it."
      },
      footer = {
        "  zookit group move indexers 17 n2 --for 1h",
        "  zookit group move indexers 17 n2 --for 1h --dry-run",
        "  zookit group move indexers 17 --end"
      })
  void move(
      @Parameters(index = "0", paramLabel = "NAME", description = "The name of the group.")
          String name,
      @Parameters(index = "1", paramLabel = "PARTITION", description = "Its number, from 0.")
          int partition,
      @Parameters(index = "2", paramLabel = "MEMBER", arity = "0..1", description = "The member.")
          @Nullable
          String member,
      @Option(
              names = "--for",
              paramLabel = "TIME",
              converter = DurationConverter.class,
              description = "How long: 10m, 1h, at most 365d. Default: 1h.")
          @Nullable
          Duration time,
      @Option(names = "--end", description = "End the move of the partition.") boolean end,
      @Mixin Confirmation consent)
      throws InterruptedException {
    if (end == (member != null) || (end && time != null)) {
      throw new CommandException(
          ExitCode.USAGE, "MEMBER: expected without --end, and not with it, as --for");
    }
    Duration length = time == null ? Duration.ofHours(1) : time;
    String what = member == null
        ? "end the move of partition " + partition + " of " + name
        : "move partition " + partition + " of " + name + " to " + member + " for " + length;
    run(groups -> {
      if (consent.isGiven(context(), what)) {
        show(
            member == null
                ? groups.endMove(name, partition)
                : groups.move(name, partition, member, length));
      }
    });
  }

  @Command(
      name = "resize",
      description = {
        "Change the number of partitions of a group: keys then belong to other partitions.",
        "Every member hands over everything, and when none is owned any more the new ones are claimed.",
        "With the present number a change that has not happened yet is withdrawn."
      },
      footer = {
        "  zookit group resize indexers 512 --dry-run",
        "  zookit group resize indexers 512 --yes"
      })
  void resize(
      @Parameters(index = "0", paramLabel = "NAME", description = "The name of the group.")
          String name,
      @Parameters(index = "1", paramLabel = "COUNT", description = "Partitions, 1 to 16384.")
          int count,
      @Mixin Confirmation consent)
      throws InterruptedException {
    run(groups -> {
      int now = groups.show(name).partitions().size();
      if (consent.isGiven(
          context(),
          "change the partitions of " + name + " from " + now + " to " + count
              + ", for which every member hands over everything")) {
        show(groups.resize(name, count));
      }
    });
  }

  @Command(
      name = "replan",
      description = {
        "Delete the plan of a group, so that its oldest member writes another one.",
        "For a plan that is damaged, or was written by a newer version. What is owned stays where it is",
        "as far as the balance allows."
      },
      footer = {"  zookit group replan indexers --dry-run", "  zookit group replan indexers --yes"})
  void replan(
      @Parameters(paramLabel = "NAME", description = "The name of the group.") String name,
      @Mixin Confirmation consent)
      throws InterruptedException {
    run(groups -> {
      if (consent.isGiven(context(), "delete the plan of " + name)) {
        show(groups.replan(name));
      }
    });
  }

  /**
   * The owners of a group after a change.
   *
   * @param at the time at which this program learned of the change
   * @param unowned the number of partitions that no member owns
   */
  record GroupMoment(
      Instant at, String name, int partitions, int unowned, List<GroupMember> members) {

    static final Layout<GroupMoment> LAYOUT =
        Layout.<GroupMoment>of(GroupMoment::name).withLine(GroupMoment::line);

    static GroupMoment of(Instant at, String name, GroupView view) {
      return new GroupMoment(
          at, name, view.count(), view.count() - view.owners().size(), view.members());
    }

    private List<Cell> line() {
      List<Cell> line = new ArrayList<>();
      line.add(new Cell(DisplayText.seconds(at).toString(), Style.FAINT));
      line.add(Cell.of(name));
      members.forEach(member -> line.add(new Cell(
          member.id() + " " + member.partitions(), member.present() ? Style.GOOD : Style.ODD)));
      if (unowned > 0) {
        line.add(new Cell(unowned + " without an owner", Style.BAD));
      }
      return line;
    }
  }
}
