package io.zookit.config.internal.environment;

import com.google.common.collect.Lists;
import io.zookit.config.Content;
import io.zookit.config.Environments;
import io.zookit.config.Namespace;
import io.zookit.config.format.Diff;
import io.zookit.config.internal.model.GrayRule;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.ReleaseRef;
import io.zookit.config.internal.model.StoredHead;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.NamespaceFolders;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.config.secret.SealedValue;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Searches keys in what is in force in many namespaces. Releases that ride in their heads need no read of their own. */
final class KeySearcher {

  /** A release may have 512 KiB; this bounds what is in memory and on its way at once. */
  private static final int RELEASES_TOGETHER = 16;

  /** A release that is in force for some instances or for all. */
  private record InForce(Namespace ns, ReleaseRef release, String rule, Head head) {}

  private final StoredConfigReader reader;
  private final Pattern pattern;

  KeySearcher(StoredConfigReader reader, String pattern) {
    this.reader = reader;
    this.pattern = Pattern.compile(
        Arrays.stream(pattern.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*")),
        Pattern.DOTALL);
  }

  Environments.KeySearch search(String prefix) throws InterruptedException {
    NamespaceFolders folders = new NamespaceFolders(reader);
    List<Namespace> wanted =
        folders.all().stream().filter(ns -> ns.toString().startsWith(prefix)).toList();
    List<InForce> inForce = new ArrayList<>();
    for (Map.Entry<Namespace, StoredHead> each : folders.heads(wanted).entrySet()) {
      inForce.addAll(releases(each.getKey(), each.getValue().head()));
    }
    List<Environments.KeyMatch> matches = new ArrayList<>();
    for (List<InForce> page : Lists.partition(inForce, RELEASES_TOGETHER)) {
      search(page, folders, matches);
    }
    return new Environments.KeySearch(matches, folders.unreadable(prefix));
  }

  private static List<InForce> releases(Namespace ns, Head head) {
    List<InForce> releases = new ArrayList<>();
    if (head.state() != Head.State.ACTIVE) {
      return releases;
    }
    ReleaseRef stable = head.stable();
    if (stable != null) {
      releases.add(new InForce(ns, stable, "stable", head));
    }
    for (Map<String, String> stored : head.grays()) {
      GrayRule.read(stored)
          .ifPresent(
              rule -> releases.add(new InForce(ns, rule.pointer(), "gray " + rule.name(), head)));
    }
    return releases;
  }

  private void search(
      List<InForce> page, NamespaceFolders folders, List<Environments.KeyMatch> matches)
      throws InterruptedException {
    List<InForce> apart = page.stream()
        .filter(each -> each.head().rider(each.release()).isEmpty())
        .toList();
    List<ZkPath> nodes = apart.stream().map(this::path).toList();
    List<Answer<SessionHandle.Node>> read =
        nodes.isEmpty() ? List.of() : reader.calls().readEach(nodes);
    for (InForce each : page) {
      int index = apart.indexOf(each);
      Optional<Content> content = folders.tried(
          each.ns().toString(),
          () -> reader.content(
              each.ns(),
              index < 0
                  ? each.head().rider(each.release()).orElseThrow().release()
                  : StoredRelease.decode(
                      reader.calls().require(nodes.get(index), read.get(index)).data())));
      content.ifPresent(found -> match(each, found, matches));
    }
  }

  private ZkPath path(InForce each) {
    return reader.paths().release(each.ns(), each.release().release());
  }

  private void match(InForce where, Content content, List<Environments.KeyMatch> matches) {
    if (!content.format().isStructured()) {
      return;
    }
    content.values().forEach((key, value) -> {
      if (pattern.matcher(key).matches()) {
        boolean secret = SealedValue.isSealed(value);
        matches.add(new Environments.KeyMatch(
            where.ns(),
            where.release().release(),
            where.rule(),
            key,
            secret ? Diff.HIDDEN : value,
            secret));
      }
    });
  }
}
