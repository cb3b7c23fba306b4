package io.zookit.admin.command.config.policy;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.DurationConverter;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.command.config.NamespaceArgument;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.bind.DataSize;
import io.zookit.config.format.DocumentLimits;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that change the settings of a policy. */
final class PolicyEdits {

  @Option(
      names = "--schema",
      paramLabel = "FILE",
      description = "A JSON Schema (2020-12) that contents must satisfy; - for the standard input.")
  @Nullable
  private String schema;

  @Option(names = "--no-schema", description = "No schema any more.")
  private boolean withoutSchema;

  @Option(
      names = "--secret",
      paramLabel = "KEY",
      description = "A key whose value is secret; * at its end stands for anything. Repeatable.")
  private List<String> secrets = new ArrayList<>();

  @Option(names = "--no-secrets", description = "No key is secret by rule any more.")
  private boolean withoutSecrets;

  @Option(
      names = "--layer",
      paramLabel = "NS",
      converter = NamespaceArgument.NamespaceConverter.class,
      description = "A public namespace below this one, the weakest first. Repeatable.")
  private List<Namespace> layers = new ArrayList<>();

  @Option(names = "--no-layers", description = "Nothing is below this one any more.")
  private boolean withoutLayers;

  @Option(
      names = "--public",
      negatable = true,
      description = "Whether other namespaces may have this one as a layer.")
  @Nullable
  private Boolean open;

  @Option(
      names = "--keep-newest",
      paramLabel = "N",
      description = "How many releases stay in any case.")
  @Nullable
  private Integer keepNewest;

  @Option(
      names = "--keep-for",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long releases stay in any case, such as 30d.")
  @Nullable
  private Duration keepFor;

  @Option(
      names = "--keep-size",
      paramLabel = "SIZE",
      description = "How much all releases together may take, such as 64MiB.")
  @Nullable
  private String keepSize;

  @Option(
      names = "--approvals",
      paramLabel = "N",
      description =
          "How many people other than its authors must approve a change of what is in force.")
  @Nullable
  private Integer approvals;

  @Option(
      names = "--max-keys",
      paramLabel = "N",
      description = "How many flat keys a content may have. Standard: 20000.")
  @Nullable
  private Integer maxKeys;

  @Option(
      names = "--max-characters",
      paramLabel = "N",
      description =
          "How many characters flat keys and values may have together. Standard: 8388608.")
  @Nullable
  private Long maxCharacters;

  @Option(
      names = "--advisory-approvals",
      negatable = true,
      description =
          "Whether approvals of connections without credentials count, which anybody can give under any name.")
  @Nullable
  private Boolean advisory;

  @Option(
      names = "--freeze",
      paramLabel = "FROM/UNTIL",
      description = "A time in which nothing is published, because of -m. Repeatable.")
  private List<String> freezes = new ArrayList<>();

  @Option(names = "--no-freezes", description = "Nothing is frozen any more.")
  private boolean withoutFreezes;

  /** The policy with the changes. */
  Policy apply(Policy before, CommandContext context, String reason) {
    String text = schema == null ? before.schema() : read(context, schema);
    return new Policy(
        withoutSchema ? "" : text,
        chosen(withoutSecrets, secrets, before.secrets()),
        chosen(withoutLayers, layers.stream().map(Namespace::toString).toList(), before.layers()),
        open == null ? before.isPublic() : open,
        keepNewest == null ? before.keepNewest() : atLeast("--keep-newest", keepNewest, 1),
        keepFor == null ? before.keepYoungerThan() : keepFor,
        keepSize == null ? before.keepBytes() : size(keepSize),
        approvals == null ? before.approvals() : atLeast("--approvals", approvals, 0),
        chosen(
            withoutFreezes,
            freezes.stream().map(each -> freeze(each, reason)).toList(),
            before.freezes()),
        limits(before.limits()),
        advisory == null ? before.advisoryApprovals() : advisory);
  }

  private DocumentLimits limits(DocumentLimits before) {
    try {
      return new DocumentLimits(
          maxKeys == null ? before.keys() : maxKeys,
          maxCharacters == null ? before.characters() : maxCharacters);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, "--max-" + e.getMessage());
    }
  }

  private static <T> List<T> chosen(boolean none, List<T> given, List<T> before) {
    if (none) {
      return List.of();
    }
    return given.isEmpty() ? before : given;
  }

  private static String read(CommandContext context, String file) {
    return file.equals("-") ? context.readAll("--schema") : context.readFile(Path.of(file));
  }

  private static int atLeast(String option, int value, int least) {
    if (value < least) {
      throw wrong(option, Integer.toString(value), least + " or more");
    }
    return value;
  }

  private static long size(String text) {
    try {
      return DataSize.parse(text).bytes();
    } catch (IllegalArgumentException e) {
      throw wrong("--keep-size", text, "a size like 64MiB");
    }
  }

  private static Policy.Freeze freeze(String text, String reason) {
    String[] ends = text.split("/", -1);
    try {
      if (ends.length == 2 && Instant.parse(ends[0]).isBefore(Instant.parse(ends[1]))) {
        return new Policy.Freeze(Instant.parse(ends[0]), Instant.parse(ends[1]), reason);
      }
    } catch (DateTimeException e) {
      throw wrong("--freeze", text, "FROM/UNTIL, like 2026-12-20T00:00:00Z/2027-01-02T00:00:00Z");
    }
    throw wrong("--freeze", text, "FROM/UNTIL, the begin before the end");
  }

  private static CommandException wrong(String option, String text, String expected) {
    return new CommandException(
        ExitCode.USAGE, option + ": \"" + text + "\" (expected: " + expected + ")");
  }
}
