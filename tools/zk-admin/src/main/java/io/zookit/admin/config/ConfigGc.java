package io.zookit.admin.config;

import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.ReadFailures;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes what retention no longer keeps. */
@Command(
    name = "gc",
    description = {
      "Remove the releases that the retention of their policy no longer keeps, and large contents that nobody uses.",
      "What is in force, pinned, or in use by an instance stays."
    },
    footer = {"  zookit config gc --dry-run", "  zookit config gc prod/checkout/limits --yes"})
final class ConfigGc extends ConfigVerb {

  @Parameters(
      paramLabel = "NS",
      arity = "0..*",
      converter = NamespaceWords.class,
      description = "The namespaces. Default: all, and the large contents of their environments.")
  private List<Namespace> namespaces = List.of();

  @Mixin
  private Consent consent = new Consent();

  @Mixin
  private Signature signature = new Signature();

  ConfigGc(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    ReadFailures failures = new ReadFailures();
    WantedNamespaces all = WantedNamespaces.of(store, namespaces, failures);
    List<Namespace> wanted = all.readable();
    List<RemovedDocument> found = new ArrayList<>();
    all.unreadable()
        .forEach(
            (name, problem) -> found.add(RemovedDocument.unreadable(name, "releases", problem)));
    for (Namespace ns : wanted) {
      found.add(look(
          failures,
          ns.toString(),
          "releases",
          () -> RemovedDocument.releases(ns, store.maintenance().removable(ns))));
    }
    for (String env : envs(wanted)) {
      found.add(look(
          failures,
          env,
          "contents",
          () -> RemovedDocument.blobs(env, store.maintenance().removableBlobs(env))));
    }
    List<RemovedDocument> told = found.stream()
        .filter(each -> each.count() > 0 || each.problem() != null)
        .toList();
    if (told.isEmpty()) {
      shell().say("there is nothing to remove");
      return ExitCode.OK;
    }
    shell().output().list(told, RemovedDocument.LAYOUT);
    long count = told.stream().mapToLong(RemovedDocument::count).sum();
    if (count > 0
        && consent.isGiven(shell(), "remove " + count + " things that retention does not keep")) {
      remove(store, wanted, failures);
    }
    return failures.code(shell());
  }

  private static RemovedDocument look(
      ReadFailures failures, String place, String kind, ReadFailures.Read<RemovedDocument> look)
      throws InterruptedException {
    return failures
        .read(place, look)
        .orElseGet(
            () -> RemovedDocument.unreadable(place, kind, String.valueOf(failures.reason(place))));
  }

  /** Nothing of a place that cannot be read: what it names could be in use. */
  private void remove(ConfigStore store, List<Namespace> wanted, ReadFailures failures)
      throws InterruptedException {
    int removed = 0;
    for (Namespace ns : wanted) {
      if (failures.reason(ns.toString()) == null) {
        removed += store.maintenance().collect(ns, signature.change(shell())).size();
      }
    }
    for (String env : envs(wanted)) {
      if (failures.reason(env) == null) {
        removed += store.maintenance().collectBlobs(env).size();
      }
    }
    shell().say(removed + " removed");
  }

  private Set<String> envs(List<Namespace> wanted) {
    return namespaces.isEmpty()
        ? wanted.stream().map(Namespace::env).collect(Collectors.toCollection(TreeSet::new))
        : Set.of();
  }
}
