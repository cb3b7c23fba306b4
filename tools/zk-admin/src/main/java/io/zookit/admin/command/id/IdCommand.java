package io.zookit.admin.command.id;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.DurationConverter;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.core.IncarnationException;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.id.IdBlockedException;
import io.zookit.id.IdInspector;
import io.zookit.id.IdLayout;
import io.zookit.id.IdMismatchException;
import io.zookit.id.IdNotFoundException;
import io.zookit.id.IdReport;
import io.zookit.id.IdUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about ids. */
@Command(
    name = "id",
    description = "Names of ids: list, show, create, raise the next number, resize segments.")
@VerbOrder({"list", "show", "create", "raise", "resize", "relayout"})
public final class IdCommand extends CommandGroup {

  private static final Pattern BITS = Pattern.compile("(\\d{1,2})-(\\d{1,2})-(\\d{1,2})");

  /** Work with the names of ids. */
  private interface IdWork {
    void run(IdInspector ids) throws InterruptedException;
  }

  /** Creates the commands of a context. */
  public IdCommand(CommandContext context) {
    super(context);
  }

  /** Does something, connected; a failure names the command that helps. */
  private void run(IdWork work) throws InterruptedException {
    try (ZkClient client = context().connect()) {
      work.run(IdInspector.in(client).timeout(context().timeout()));
    } catch (IdNotFoundException e) {
      throw failure(
          ExitCode.NOT_FOUND,
          e,
          "; `zookit id list` shows what exists, `zookit id create` creates a name");
    } catch (IdBlockedException e) {
      throw failure(ExitCode.CONFLICT, e, "; see `zookit id raise --help`");
    } catch (IncarnationException e) {
      throw failure(ExitCode.CONFLICT, e, "; see `zookit incarnation raise --help`");
    } catch (IdMismatchException e) {
      throw failure(ExitCode.CONFLICT, e, "; see `zookit id list`");
    } catch (IdUnavailableException e) {
      throw failure(ExitCode.UNAVAILABLE, e, "");
    }
  }

  private static CommandException failure(ExitCode code, ZkException cause, String help) {
    return new CommandException(code, cause.getMessage() + help, cause);
  }

  private void show(IdReport report) {
    context().output().show(IdDocument.of(report), IdDocument.LAYOUT);
  }

  @Command(
      name = "list",
      description = "List the names of ids, with the next number where there is one.",
      footer = {
        "  zookit id list",
        "  zookit id list inv                     only those whose names begin so",
        "  zookit id list -o json"
      })
  void list(
      @Parameters(
              paramLabel = "PREFIX",
              arity = "0..1",
              defaultValue = "",
              description = "What the names begin with.")
          String prefix)
      throws InterruptedException {
    run(ids -> context()
        .output()
        .list(
            ids.list().stream()
                .filter(report -> report.name().startsWith(prefix))
                .map(IdDocument::of)
                .toList(),
            IdDocument.LAYOUT));
  }

  @Command(
      name = "show",
      description = "Show a name of ids: its state, the next number, why it is blocked.",
      footer = {"  zookit id show invoice", "  zookit id show invoice -o json"})
  void show(@Parameters(paramLabel = "NAME", description = "The name of the ids.") String name)
      throws InterruptedException {
    run(ids -> show(ids.show(name)));
  }

  @Command(
      name = "create",
      description = {
        "Create a sequence, or with --size a name whose numbers are taken in segments.",
        "For applications that leave out createFrom, because their numbers must not begin again even",
        "if all data were lost. A name that exists is refused. Snowflake ids create themselves."
      },
      footer = {
        "  zookit id create invoice --from 1",
        "  zookit id create order-no --from 1 --size 1000"
      })
  void create(
      @Parameters(paramLabel = "NAME", description = "The name of the ids.") String name,
      @Option(
              names = "--from",
              paramLabel = "N",
              required = true,
              description = "The first number.")
          long first,
      @Option(names = "--size", paramLabel = "N", description = "Numbers of a segment.") @Nullable
          Integer size)
      throws InterruptedException {
    run(ids -> show(
        size == null ? ids.createSequence(name, first) : ids.createSegments(name, first, size)));
  }

  @Command(
      name = "raise",
      description = {
        "Raise the next number of a sequence or of segments, and approve its data.",
        "A name that is blocked, or was created before the incarnation was raised, hands out numbers",
        "again. After data were restored give a number above all that may have been handed out: the",
        "database of the application knows it. The next number is never lowered. For a counter N is",
        "the least sum; a shared value stays as it is."
      },
      footer = {
        "  zookit id raise invoice --at-least 200000",
        "  zookit id raise invoice --at-least 200000 --dry-run",
        "  zookit id raise invoice --at-least 200000 --yes"
      })
  void raise(
      @Parameters(paramLabel = "NAME", description = "The name of the ids.") String name,
      @Option(
              names = "--at-least",
              paramLabel = "N",
              required = true,
              description = "The next number is not less.")
          long atLeast,
      @Mixin Confirmation consent)
      throws InterruptedException {
    run(ids -> {
      OptionalLong next = ids.show(name).next();
      String from = next.isPresent() ? " from " + next.getAsLong() : "";
      long to = Math.max(atLeast, next.orElse(0));
      if (consent.isGiven(context(), "raise the next number of " + name + from + " to " + to)) {
        show(ids.raise(name, atLeast));
      }
    });
  }

  @Command(
      name = "resize",
      description = {
        "Change the size of the segments of a name, for all processes.",
        "What a process has taken it uses up; what it takes from now on has the new size."
      },
      footer = "  zookit id resize order-no 5000")
  void resize(
      @Parameters(index = "0", paramLabel = "NAME", description = "The name of the ids.")
          String name,
      @Parameters(index = "1", paramLabel = "SIZE", description = "Numbers of a segment.") int size)
      throws InterruptedException {
    run(ids -> show(ids.resize(name, size)));
  }

  @Command(
      name = "relayout",
      description = {
        "Change the layout of snowflake ids, for all processes.",
        "Ids of the new layout are greater than all that were handed out before. A process that was",
        "started with the layout before uses up what it has, a minute or two, and fails until it is",
        "started with the new one. What is not given stays as it is stored."
      },
      footer = {
        "  zookit id relayout orders --bits 41-8-14",
        "  zookit id relayout orders --bits 39-10-14 --tick 10ms --since 2026-01-01T00:00:00Z --dry-run",
        "  zookit id relayout orders --bits 41-8-14 --yes"
      })
  void relayout(
      @Parameters(paramLabel = "NAME", description = "The name of the ids.") String name,
      @Option(
              names = "--bits",
              paramLabel = "T-S-N",
              required = true,
              description = "Bits of time, slot and number, at most 63 together.")
          String bits,
      @Option(
              names = "--tick",
              paramLabel = "TIME",
              converter = DurationConverter.class,
              description = "The length of a tick, 1 to 1000 ms.")
          @Nullable
          Duration tick,
      @Option(
              names = "--since",
              paramLabel = "INSTANT",
              description = "From when ticks count: 2026-01-01T00:00:00Z.")
          @Nullable
          Instant since,
      @Mixin Confirmation consent)
      throws InterruptedException {
    run(ids -> {
      IdLayout stored = ids.show(name)
          .layout()
          .orElseThrow(() -> new CommandException(
              ExitCode.CONFLICT,
              "ids " + name
                  + ": not snowflake ids, which alone have a layout; see `zookit id list`"));
      IdLayout layout = ofBits(bits)
          .tick(tick == null ? stored.tick() : tick)
          .since(since == null ? stored.since() : since);
      if (consent.isGiven(
          context(), "change the layout of " + name + " from " + stored + " to " + layout)) {
        show(ids.changeLayout(name, layout));
      }
    });
  }

  private static IdLayout ofBits(String bits) {
    Matcher parts = BITS.matcher(bits);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "--bits: \"" + bits + "\" (expected: bits of time, slot and number, such as 41-10-12)");
    }
    return IdLayout.of(
        Integer.parseInt(parts.group(1)),
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)));
  }
}
