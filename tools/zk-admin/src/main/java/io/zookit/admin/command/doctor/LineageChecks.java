package io.zookit.admin.command.doctor;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.ExitCode;
import io.zookit.core.DataLineage;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads which state of the data each server holds, from each of them, and compares: one restored server among others can
 * serve other data than they do.
 */
final class LineageChecks {

  /** A version more can be written while the servers are read one after the other. */
  private static final int MOST_APART = 2;

  private final CommandContext context;

  LineageChecks(CommandContext context) {
    this.context = context;
  }

  /**
   * A finding for each server whose lineage cannot be read, and one for what they hold together.
   *
   * @param known what was found of the servers themselves; one that is bad is not waited for again
   */
  List<Finding> of(String connectString, List<Finding> known) {
    List<Finding> findings = new ArrayList<>();
    Map<String, DataLineage> read = new LinkedHashMap<>();
    for (String server : servers(connectString)) {
      if (isBad(server, known)) {
        continue;
      }
      try (ZkClient client = context.connectTo(server)) {
        Optional<DataLineage> lineage = client.lineage();
        lineage.ifPresentOrElse(
            lineageOfOne -> read.put(server, lineageOfOne),
            () -> findings.add(Finding.odd("data", server + ": its lineage cannot be read")));
      } catch (ZkException e) {
        findings.add(Finding.odd("data", server + ": " + e.getMessage()));
      }
    }
    findings.addAll(compare(read));
    return findings;
  }

  static boolean isBad(String server, List<Finding> known) {
    int slash = server.indexOf('/');
    String host = slash < 0 ? server : server.substring(0, slash);
    String check = ServerChecks.nameOf(host);
    return known.stream()
        .anyMatch(finding -> finding.check().equals(check) && finding.result().equals("bad"));
  }

  /** Each server with the chroot, which stands once, behind the last. */
  static List<String> servers(String connectString) {
    int slash = connectString.indexOf('/');
    String chroot = slash < 0 ? "" : connectString.substring(slash);
    String hosts = slash < 0 ? connectString : connectString.substring(0, slash);
    List<String> servers = new ArrayList<>();
    for (String host : hosts.split(",", -1)) {
      if (!host.isBlank()) {
        servers.add(host.strip() + chroot);
      }
    }
    return servers;
  }

  static List<Finding> compare(Map<String, DataLineage> read) {
    if (read.isEmpty()) {
      return List.of();
    }
    Map.Entry<String, DataLineage> first = read.entrySet().iterator().next();
    for (Map.Entry<String, DataLineage> each : read.entrySet()) {
      if (!agree(first.getValue(), each.getValue())) {
        return List.of(Finding.bad(
            "data",
            first.getKey() + " holds " + words(first.getValue()) + ", " + each.getKey() + " holds "
                + words(each.getValue()) + ": one of them was restored or wiped",
            ExitCode.FAILURE));
      }
    }
    return List.of(Finding.ok(
        "data", words(first.getValue()) + " on each of " + read.size() + " servers that answer"));
  }

  private static boolean agree(DataLineage one, DataLineage other) {
    int apart = Math.abs(one.version() - other.version());
    return one.id().equals(other.id())
        && apart <= MOST_APART
        && (apart > 0 || one.tag().equals(other.tag()));
  }

  private static String words(DataLineage lineage) {
    return "version " + lineage.version() + " (" + lineage.tag() + ") of "
        + lineage.id().substring(0, Math.min(8, lineage.id().length()));
  }
}
