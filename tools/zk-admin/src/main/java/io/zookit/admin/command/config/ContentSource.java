package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.files.ConfigFolder;
import io.zookit.config.format.Format;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that name the source of a content: a file, the standard input, or a draft. */
public final class ContentSource {

  /** The draft that is meant when none is named. */
  public static final String DRAFT = "main";

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "The file with the content; - for the standard input.")
  @Nullable
  private String file;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "Its format: ${COMPLETION-CANDIDATES}. Default: by the name of the file, else PROPERTIES.")
  @Nullable
  private Format format;

  @Option(
      names = "--draft",
      paramLabel = "NAME",
      description = "The draft, when there is no file. Default: " + DRAFT + ".")
  private String draft = DRAFT;

  /** Returns whether a file, or the standard input, is given. */
  public boolean isFile() {
    return file != null;
  }

  /** Returns the name of the draft. */
  public String draft() {
    return draft;
  }

  /** Returns the commands that resolve a conflict about the draft; empty for a file. */
  public String remedy(NamespaceArgument ns) {
    return isFile() ? "" : DraftDocument.remedy(ns.name(), draft);
  }

  /** Reads the content of the file, or of the standard input. */
  public Content read(CommandContext context) {
    String name = Objects.requireNonNull(file, "no file was given");
    if (name.equals("-")) {
      return Content.of(format == null ? Format.PROPERTIES : format, context.readAll("-f"));
    }
    Format known = format == null ? Format.ofFile(name).orElse(Format.PROPERTIES) : format;
    return Content.of(known, context.readFile(Path.of(name)));
  }

  /** Reads the contents of a folder of files, or the content of one namespace. */
  Map<Namespace, Content> files(CommandContext context, @Nullable Namespace ns) {
    if (file == null) {
      throw new CommandException(ExitCode.USAGE, "-f: missing (expected: DIR, or NS -f FILE)");
    }
    if (ns != null) {
      return Map.of(ns, read(context));
    }
    Path folder = Path.of(file);
    if (!Files.isDirectory(folder)) {
      throw new CommandException(
          ExitCode.USAGE, "-f: " + file + " (expected: a folder, or NS before it)");
    }
    return ConfigFolder.at(folder).read();
  }
}
