package io.zookit.admin.command.audit;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.ReadFailures;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Output;
import io.zookit.admin.output.Style;
import io.zookit.core.ZkClient;
import io.zookit.core.audit.AuditEntry;
import io.zookit.core.audit.AuditLog;
import io.zookit.core.audit.AuditVerification;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands about the audit of a root. */
@Command(name = "audit", description = "Who changed locks, jobs, services and the access policy.")
@VerbOrder({"list", "verify", "export", "gc"})
public final class AuditLogCommand extends CommandGroup {

  /** Creates the commands of a context. */
  public AuditLogCommand(CommandContext context) {
    super(context);
  }

  private AuditLog audit(ZkClient client) {
    return AuditLog.in(client).within(context().timeout());
  }

  @Command(
      name = "list",
      description = {
        "List who broke or revoked locks, controlled jobs, and changed policies of services and of access, newest first.",
        "BY is what the client claimed, IDENTITIES what the servers had authenticated. Changes of the configuration: `zookit config audit`.",
        "What cannot be read is a row with the reason; then the exit code is 1."
      },
      footer = {"  zookit audit list", "  zookit audit list -n 100 -o json"})
  ExitCode list(
      @Option(
              names = "-n",
              paramLabel = "N",
              defaultValue = "20",
              description = "The greatest number of rows. Default: 20.")
          int most)
      throws InterruptedException {
    ReadFailures failures = new ReadFailures();
    List<AuditEntryDocument> rows = new ArrayList<>();
    try (ZkClient client = context().connect()) {
      for (AuditEntry entry : audit(client).newest(most)) {
        rows.add(AuditEntryDocument.of(entry));
        entry
            .problem()
            .ifPresent(reason -> failures.add(entry.day() + "/" + entry.number(), reason));
      }
    }
    context().output().list(rows, AuditEntryDocument.LAYOUT);
    return failures.code(context());
  }

  @Command(
      name = "verify",
      description = {
        "Prove by the chain of hashes that no entry was changed or removed; the exit code is 5 if one was.",
        "Keep the hash of the newest entry elsewhere to prove it later."
      },
      footer = "  zookit audit verify")
  ExitCode verify() throws InterruptedException {
    try (ZkClient client = context().connect()) {
      AuditVerificationDocument verified =
          AuditVerificationDocument.of(audit(client).verify());
      context().output().show(verified, AuditVerificationDocument.LAYOUT);
      return verified.intact() ? ExitCode.OK : ExitCode.REJECTED;
    }
  }

  @Command(
      name = "export",
      description = {
        "Write all entries that are kept, or those of some days, oldest first; with -o json one object a line.",
        "What cannot be read is a line with the reason; then the exit code is 1."
      },
      footer = {
        "  zookit audit export -o json > audit.jsonl",
        "  zookit audit export --from 2026-01-01 --to 2026-01-31 -o json"
      })
  ExitCode export(
      @Option(
              names = "--from",
              paramLabel = "DAY",
              description = "The first day, such as 2026-01-31.")
          @Nullable
          String from,
      @Option(names = "--to", paramLabel = "DAY", description = "The last day.") @Nullable
          String to)
      throws InterruptedException {
    LocalDate first = from == null ? LocalDate.MIN : day("--from", from);
    LocalDate last = to == null ? LocalDate.MAX : day("--to", to);
    Output output = context().output();
    AtomicInteger unreadable = new AtomicInteger();
    AtomicBoolean isRead = new AtomicBoolean(true);
    try (ZkClient client = context().connect()) {
      AuditLog audit = audit(client);
      for (LocalDate day : audit.days()) {
        if (day.isBefore(first) || day.isAfter(last) || !isRead.get()) {
          continue;
        }
        audit.read(day, day, entry -> {
          entry.problem().ifPresent(reason -> unreadable.incrementAndGet());
          if (isRead.get()) {
            isRead.set(output.next(AuditEntryDocument.of(entry), AuditEntryDocument.LAYOUT));
          }
        });
      }
    }
    if (unreadable.get() > 0) {
      context().info("entries that cannot be read: " + unreadable);
    }
    return unreadable.get() > 0 ? ExitCode.FAILURE : ExitCode.OK;
  }

  private static LocalDate day(String option, String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new CommandException(
          ExitCode.USAGE, option + ": \"" + text + "\" (expected: a day such as 2026-01-31)", e);
    }
  }

  @Command(
      name = "gc",
      description = "Remove the days of the audit that are older than 90 days. Only admins may.",
      footer = {"  zookit audit gc --dry-run", "  zookit audit gc --yes"})
  void gc(@Mixin Confirmation consent) throws InterruptedException {
    try (ZkClient client = context().connect()) {
      AuditLog audit = audit(client);
      int expired = audit.expired().size();
      if (expired == 0) {
        context().info("no day is older than 90 days");
      } else if (consent.isGiven(
          context(), "remove " + DisplayText.count(expired, "day") + " of the audit")) {
        context().info(DisplayText.count(audit.removeExpired().size(), "day") + " removed");
      }
    }
  }

  /**
   * An entry of the audit as programs see it.
   *
   * @param day the day whose chain it is part of
   * @param number its number in that day
   * @param by the author, as the client claimed
   * @param identities the identities that the servers had authenticated
   * @param at when; null if the entry cannot be read
   * @param problem why it cannot be read; null if it can
   */
  record AuditEntryDocument(
      String day,
      int number,
      String action,
      String target,
      String detail,
      String by,
      List<String> identities,
      String client,
      @Nullable Instant at,
      String hash,
      @Nullable String problem) {

    static final Layout<AuditEntryDocument> LAYOUT = Layout.of(
        entry -> entry.day + "/" + entry.number,
        Column.of("AT", entry -> entry.at == null ? entry.day : DisplayText.seconds(entry.at)),
        new Column<>("ACTION", AuditEntryDocument::actionOrProblem),
        Column.of("TARGET", AuditEntryDocument::target),
        Column.of("BY", AuditEntryDocument::by),
        Column.of("IDENTITIES", entry -> String.join(", ", entry.identities)),
        Column.of("CLIENT", AuditEntryDocument::client),
        Column.of("DETAIL", AuditEntryDocument::detail));

    static AuditEntryDocument of(AuditEntry entry) {
      return new AuditEntryDocument(
          entry.day().toString(),
          entry.number(),
          entry.action(),
          entry.target(),
          entry.detail(),
          entry.by(),
          entry.identities(),
          entry.client(),
          entry.problem().isPresent() ? null : entry.at(),
          entry.hash(),
          entry.problem().orElse(null));
    }

    private Cell actionOrProblem() {
      return problem == null
          ? Cell.of(action)
          : new Cell("entry " + number + " cannot be read: " + problem, Style.BAD);
    }
  }

  /**
   * A verification of the audit as programs see it.
   *
   * @param intact whether all is as it was written
   * @param entries how many entries were verified
   * @param omitted how many changes have no entry, because their day was full
   * @param newest the hash of the newest entry; empty for none
   * @param problems one line each
   */
  record AuditVerificationDocument(
      boolean intact, int entries, int omitted, String newest, List<String> problems) {

    static final Layout<AuditVerificationDocument> LAYOUT = Layout.of(
        AuditVerificationDocument::newest,
        Column.of("INTACT", verified -> verified.intact ? "yes" : "no"),
        Column.of("ENTRIES", AuditVerificationDocument::entries),
        Column.of("OMITTED", AuditVerificationDocument::omitted),
        Column.of("NEWEST", AuditVerificationDocument::newest),
        Column.of("PROBLEMS", verified -> String.join("; ", verified.problems)));

    static AuditVerificationDocument of(AuditVerification verified) {
      return new AuditVerificationDocument(
          verified.isIntact(),
          verified.entries(),
          verified.omitted(),
          verified.newest(),
          verified.problems());
    }
  }
}
