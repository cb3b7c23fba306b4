package io.zookit.admin.command.lock;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.cli.WatchOptions;
import io.zookit.admin.output.Ages;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Output;
import io.zookit.admin.output.Page;
import io.zookit.admin.output.Style;
import io.zookit.core.LiveValue;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.lock.inspect.LockNotFoundException;
import io.zookit.lock.inspect.LockReport;
import io.zookit.views.LockShape;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about locks. */
@Command(
    name = "lock",
    description = "Queues of locks: who holds, who waits; ask for one back, break one.")
@VerbOrder({"list", "show", "watch", "revoke", "break"})
public final class LockCommand extends CommandGroup {

  private final LockLayout layout;

  /** Creates the commands of a context. */
  public LockCommand(CommandContext context) {
    super(context);
    this.layout = new LockLayout(new Ages(context.environment().timekeeper()));
  }

  /** The option that names one of several numbered leases. */
  static final class NumberOption {

    @Option(
        names = "--number",
        paramLabel = "N",
        description = "Of numbered leases, only that of this number.")
    private @Nullable Integer number;

    boolean isGiven() {
      return number != null;
    }

    /**
     * A report with the chosen holder only.
     *
     * @throws LockNotFoundException if no lease of that number is held
     */
    LockReport of(LockReport seen) {
      if (number == null) {
        return seen;
      }
      List<LockReport.Entry> holder = seen.holders().stream()
          .filter(entry -> entry.number().equals(OptionalInt.of(number)))
          .toList();
      if (holder.isEmpty()) {
        throw new LockNotFoundException(
            "lock " + seen.name() + ": number " + number + " is not held");
      }
      return new LockReport(seen.name(), holder, seen.permits(), seen.sequencesLeft());
    }

    @Override
    public String toString() {
      return number == null ? "" : " number " + number;
    }
  }

  private LockInspector inspector(ZkClient client) {
    return LockInspector.in(client).withPatience(context().timeout());
  }

  @Command(
      name = "list",
      description = "List the locks that are held or waited for.",
      footer = {
        "  zookit lock list",
        "  zookit lock list stock/                only those whose names begin so",
        "  zookit lock list -o name"
      })
  void list(
      @Parameters(
              paramLabel = "PREFIX",
              arity = "0..1",
              defaultValue = "",
              description = "What the names begin with.")
          String prefix)
      throws InterruptedException {
    try (ZkClient client = context().connect()) {
      LockInspector inspector = inspector(client);
      List<String> names =
          inspector.list().stream().filter(name -> name.startsWith(prefix)).toList();
      Output output = context().output();
      if (output.isNamesOnly()) {
        output.names(names);
      } else {
        List<LockShape> locks =
            inspector.showAll(names).stream().map(LockShape::of).toList();
        output.list(locks, layout.ofLock());
      }
    }
  }

  @Command(
      name = "show",
      description =
          "Show the queue of a lock: who holds it, who waits, since when, with which token.",
      footer = {"  zookit lock show stock/sku-42", "  zookit lock show stock/sku-42 -o json"})
  void show(@Parameters(paramLabel = "NAME", description = "The name of the lock.") String name)
      throws InterruptedException {
    try (ZkClient client = context().connect()) {
      context().output().show(LockShape.of(inspector(client).show(name)), layout.ofLock());
    }
  }

  @Command(
      name = "watch",
      description = "Follow the queue of a lock until Ctrl-C: it now, and each change.",
      footer = {
        "  zookit lock watch stock/sku-42",
        "  zookit lock watch stock/sku-42 -o json --changes 1"
      })
  void watch(
      @Parameters(paramLabel = "NAME", description = "The name of the lock, which may be free.")
          String name,
      @Mixin WatchOptions watching)
      throws InterruptedException {
    Timekeeper timekeeper = context().environment().timekeeper();
    try (ZkClient client = context().connect();
        LiveValue<LockReport> live = inspector(client).watch(name)) {
      watching.follow(
          context(),
          client,
          live,
          report ->
              new LockMoment(timekeeper.now().truncatedTo(ChronoUnit.MILLIS), LockShape.of(report)),
          LockMoment.LAYOUT);
    }
  }

  @Command(
      name = "revoke",
      description = {
        "Ask the holders of a lock to release it.",
        "A holder that does not react keeps it; see `zookit lock break`."
      },
      footer = {
        "  zookit lock revoke stock/sku-42",
        "  zookit lock revoke stock/sku-42 --reason 'maintenance at noon'",
        "  zookit lock revoke workers --number 7"
      })
  void revoke(
      @Parameters(paramLabel = "NAME", description = "The name of the lock.") String name,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              defaultValue = "requested by an operator",
              description =
                  "The reason that the holders receive. Default: requested by an operator.")
          String reason,
      @Mixin NumberOption number)
      throws InterruptedException {
    try (ZkClient client = context().connect()) {
      LockInspector inspector = inspector(client);
      List<LockReport.Entry> asked = number.isGiven()
          ? inspector.revoke(number.of(inspector.show(name)), reason)
          : inspector.revoke(name, reason);
      if (asked.isEmpty()) {
        throw new CommandException(
            ExitCode.CONFLICT,
            "lock " + name + ": its holders have released it meanwhile; no holder was asked");
      }
      show(name, "asked back", asked);
    }
  }

  @Command(
      name = "break",
      description = {
        "Take a lock from its holders, which are notified.",
        "They may continue for a while; only what checks their token is safe from them. A holder that gets",
        "the lock after the question was asked keeps it."
      },
      footer = {
        "  zookit lock break stock/sku-42",
        "  zookit lock break stock/sku-42 --dry-run",
        "  zookit lock break stock/sku-42 --yes",
        "  zookit lock break workers --number 7"
      })
  void breakLock(
      @Parameters(paramLabel = "NAME", description = "The name of the lock.") String name,
      @Mixin NumberOption number,
      @Mixin Confirmation consent)
      throws InterruptedException {
    try (ZkClient client = context().connect()) {
      LockInspector inspector = inspector(client);
      LockReport seen = inspector.show(name);
      if (seen.holders().isEmpty()) {
        throw new LockNotFoundException("lock " + name + ": no holder is known");
      }
      LockReport chosen = number.of(seen);
      String held = LockLayout.heldBy(LockShape.of(chosen));
      if (consent.isGiven(context(), "break lock " + name + number + ", held by " + held)) {
        List<LockReport.Entry> broken = inspector.breakLock(chosen);
        if (broken.isEmpty()) {
          throw new CommandException(
              ExitCode.CONFLICT,
              "lock " + name + ": its holders have released it meanwhile; no holder was removed");
        }
        show(name, "broken", broken);
      }
    }
  }

  private void show(String name, String done, List<LockReport.Entry> entries) {
    context()
        .output()
        .show(
            LockShape.LockChange.of(name, done, entries),
            Layout.ofPage(
                LockShape.LockChange::name,
                each -> Page.of("lock " + each.name() + " " + each.done())
                    .table(layout.requestColumns(each.requests()), each.requests())));
  }

  /**
   * The state of a lock after a change to it.
   *
   * @param at the time at which this program learned of the change
   * @param lock the lock, its fields unwrapped next to {@code at}
   */
  record LockMoment(Instant at, @JsonUnwrapped LockShape lock) {

    static final Layout<LockMoment> LAYOUT =
        Layout.<LockMoment>of(moment -> moment.lock.name()).withLine(LockMoment::line);

    private List<Cell> line() {
      List<Cell> line = new ArrayList<>();
      line.add(new Cell(DisplayText.seconds(at).toString(), Style.FAINT));
      line.add(Cell.of(lock.name()));
      line.add(
          LockLayout.holders(lock).isEmpty()
              ? Cell.of("free")
              : new Cell("held by " + LockLayout.heldBy(lock), Style.GOOD));
      if (LockLayout.waiting(lock) > 0) {
        line.add(Cell.of(LockLayout.waiting(lock) + " waiting"));
      }
      LockLayout.holders(lock).stream()
          .flatMap(holder -> holder.revoke().stream())
          .distinct()
          .forEach(reason -> line.add(new Cell("asked back: " + reason, Style.ODD)));
      return line;
    }
  }
}
