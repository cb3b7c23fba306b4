package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.PublishPreview;
import io.zookit.config.format.Diff;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Compares releases, or files with what is stable. */
@Command(
    name = "diff",
    description = {
      "Compare two releases of a namespace, or files with the stable releases: what an apply would change.",
      "Secrets are hidden."
    },
    footer = {
      "  zookit config diff prod/checkout/limits 56..57",
      "  zookit config diff prod/checkout/limits @stable~1..@stable --side-by-side",
      "  zookit config diff prod/checkout/limits -f limits.properties",
      "  zookit config diff -f config/ --exit-code"
    })
final class ConfigDiff extends ConfigVerb {

  @Parameters(
      index = "0",
      paramLabel = "NS",
      arity = "0..1",
      converter = NamespaceWords.class,
      description = "The namespace.")
  @Nullable
  private Namespace ns;

  @Parameters(index = "1", paramLabel = "A..B", arity = "0..1", description = "The releases.")
  private String range = "";

  @Mixin
  private Given given = new Given();

  @Mixin
  private DiffLook look = new DiffLook();

  ConfigDiff(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    if (given.isFile()) {
      return files(store);
    }
    String[] ends = range.split("\\.\\.", -1);
    if (ns == null || ends.length != 2 || ends[0].isEmpty() || ends[1].isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE, "diff: \"" + range + "\" (expected: NS A..B, or -f)");
    }
    Diff diff = store.history(ns).diff(ends[0], ends[1]);
    look.write(shell(), ns, ends[0], ends[1], diff);
    return look.code(!diff.isEmpty());
  }

  private ExitCode files(ConfigStore store) throws InterruptedException {
    Map<Namespace, Content> contents = given.files(shell(), ns);
    if (ns != null) {
      PublishPreview preview = store.preview(ns, contents.values().iterator().next());
      look.write(shell(), ns, "@stable", "the file", preview.diff());
      return look.code(!preview.unchanged());
    }
    List<PublishPreviewDocument> drift = Drift.previews(store, contents).stream()
        .filter(preview -> !preview.unchanged())
        .toList();
    shell().output().list(drift, new PublishPreviewDocument.Lines(List.of()));
    return look.code(!drift.isEmpty());
  }
}
