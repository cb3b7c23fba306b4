package io.zookit.admin.audit;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Output;
import io.zookit.admin.shell.Shell;
import io.zookit.core.audit.AuditLog;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the entries of some days, oldest first. */
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
final class AuditExport extends AuditVerb {

  @Option(names = "--from", paramLabel = "DAY", description = "The first day, such as 2026-01-31.")
  @Nullable
  private String from;

  @Option(names = "--to", paramLabel = "DAY", description = "The last day.")
  @Nullable
  private String to;

  AuditExport(Shell shell) {
    super(shell);
  }

  @Override
  ExitCode run(AuditLog audit) throws InterruptedException {
    LocalDate first = from == null ? LocalDate.MIN : day("--from", from);
    LocalDate last = to == null ? LocalDate.MAX : day("--to", to);
    Output output = shell().output();
    int[] unreadable = {0};
    boolean[] open = {true};
    for (LocalDate day : days(audit, first, last)) {
      audit.read(day, day, entry -> {
        unreadable[0] += entry.problem().isPresent() ? 1 : 0;
        open[0] = open[0] && output.next(AuditEntryDocument.of(entry), AuditEntryDocument.LAYOUT);
      });
      if (!open[0]) {
        break;
      }
    }
    if (unreadable[0] > 0) {
      shell().say(unreadable[0] + " entries cannot be read");
    }
    return unreadable[0] > 0 ? ExitCode.FAILURE : ExitCode.OK;
  }

  private static List<LocalDate> days(AuditLog audit, LocalDate first, LocalDate last)
      throws InterruptedException {
    return audit.days().stream()
        .filter(day -> !day.isBefore(first) && !day.isAfter(last))
        .toList();
  }

  private static LocalDate day(String option, String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new CommandException(
          ExitCode.USAGE, option + ": \"" + text + "\" (expected: a day such as 2026-01-31)", e);
    }
  }
}
