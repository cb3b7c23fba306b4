package io.zookit.admin.command.doctor;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.Context;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.Target;
import io.zookit.core.IncarnationException;
import io.zookit.core.RestoreSuspicion;
import io.zookit.core.Timekeeper;
import io.zookit.core.UnsupportedServerException;
import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.lock.inspect.LockInspector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Goes from the settings to the rights and the clock, as far as it gets. */
final class Examination {

  private static final String LOCK = "zookit-doctor";
  private static final Duration SHORT_SESSION = Duration.ofSeconds(4);
  private static final Duration ANSWER = Duration.ofSeconds(2);
  private static final Duration SKEW = Duration.ofSeconds(1);

  private final CommandContext context;
  private final Timekeeper timekeeper;
  private final List<Finding> findings = new ArrayList<>();

  Examination(CommandContext context) {
    this.context = context;
    this.timekeeper = context.environment().timekeeper();
  }

  List<Finding> findings() throws InterruptedException {
    Target target = context.target();
    Context settings = target.context();
    findings.add(Finding.ok("settings", settings.connect() + ", said by " + target.source()));
    if (settings.password().isPresent() && context.isContextFileExposed()) {
      findings.add(Finding.odd("secrets", "a password stands in a file that others can read"));
    }
    long start = timekeeper.nanos();
    try (ZkClient client = context.connect()) {
      findings.add(Finding.ok("connection", "made in " + since(start).toMillis() + " ms"));
      servers(settings);
      session(client);
      findings.add(Finding.ok("root", client.root()));
      incarnation(client);
      client.suspicion().ifPresent(this::suspicion);
      findings.addAll(new LineageChecks(context).of(settings.connect(), List.copyOf(findings)));
      rights(client);
    } catch (UnsupportedServerException e) {
      findings.add(Finding.bad("server", String.valueOf(e.getMessage()), ExitCode.FAILURE));
      servers(settings);
    } catch (ZkAccessException e) {
      findings.add(Finding.bad("rights", String.valueOf(e.getMessage()), ExitCode.DENIED));
    } catch (ZkUnavailableException e) {
      findings.add(Finding.bad("connection", String.valueOf(e.getMessage()), ExitCode.UNAVAILABLE));
      servers(settings);
    } catch (CommandException e) {
      findings.add(Finding.bad("settings", String.valueOf(e.getMessage()), e.code()));
    } catch (ZkException e) {
      findings.add(Finding.bad("connection", String.valueOf(e.getMessage()), ExitCode.FAILURE));
      servers(settings);
    }
    return findings;
  }

  private void suspicion(RestoreSuspicion why) {
    findings.add(Finding.bad(
        "restore",
        why.reason() + ", noticed by " + why.by()
            + "; judge the data, then zookit incarnation raise",
        ExitCode.FAILURE));
  }

  private void incarnation(ZkClient client) {
    try {
      findings.add(Finding.ok("incarnation", String.valueOf(client.incarnation())));
    } catch (IncarnationException e) {
      findings.add(Finding.bad("incarnation", String.valueOf(e.getMessage()), ExitCode.FAILURE));
    }
  }

  /** The session has one server; the others may be down. */
  private void servers(Context settings) {
    Duration patience = context.timeout().compareTo(ANSWER) < 0 ? context.timeout() : ANSWER;
    findings.addAll(
        new ServerChecks(timekeeper, patience, settings.tls().isPresent()).of(settings.connect()));
  }

  private void session(ZkClient client) {
    Duration timeout = client.session().timeout();
    String detail = "ends " + seconds(timeout) + " after the last sign of life";
    findings.add(
        timeout.compareTo(SHORT_SESSION) < 0
            ? Finding.odd("session", detail + "; a pause of a garbage collector can be longer")
            : Finding.ok("session", detail));
  }

  private void rights(ZkClient client) throws InterruptedException {
    List<Finding> rights = new RightsChecks(client, context.timeout()).findings();
    findings.addAll(rights);
    if (rights.stream().noneMatch(each -> each.code() == ExitCode.DENIED)) {
      clock(client);
    }
  }

  /** Takes a lock where the rights allow it, for its node has the time of the server. */
  private void clock(ZkClient client) throws InterruptedException {
    long start = timekeeper.nanos();
    Instant before = timekeeper.now();
    try (Lease lease = DistributedLock.named(LOCK, client).acquire(context.timeout())) {
      Duration taken = since(start);
      LockInspector.in(client).withPatience(context.timeout()).show(LOCK).entries().stream()
          .filter(entry -> entry.token().zxid() == lease.token().zxid())
          .findFirst()
          .ifPresent(own -> clock(before, own.since(), taken));
    } catch (ZkAccessException e) {
      findings.add(Finding.odd(
          "clock",
          "not compared: the server's time is read from a lock, which this connection may"
              + " not take"));
    } catch (IncarnationException e) {
      findings.add(Finding.odd("clock", "not compared: " + e.getMessage()));
    } catch (ZkException e) {
      findings.add(Finding.bad("clock", String.valueOf(e.getMessage()), ExitCode.UNAVAILABLE));
    }
  }

  /** The server's time fell between the moment of asking and that of the answer, if the clocks agree. */
  private void clock(Instant asked, Instant server, Duration taken) {
    Duration ahead = Duration.between(asked.plus(taken), server);
    Duration behind = Duration.between(server, asked);
    Duration off = ahead.compareTo(behind) > 0 ? ahead : behind;
    if (off.compareTo(SKEW) < 0) {
      findings.add(Finding.ok("clock", "agrees with the server's to " + seconds(SKEW)));
    } else {
      findings.add(Finding.odd(
          "clock",
          "the server's is " + seconds(off) + (off.equals(ahead) ? " ahead" : " behind")
              + "; times shown are the server's"));
    }
  }

  private Duration since(long start) {
    return Duration.ofNanos(timekeeper.nanos() - start);
  }

  private static String seconds(Duration time) {
    return time.toMillis() / 1000.0 + " s";
  }
}
