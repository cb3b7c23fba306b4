package io.zookit.admin;

import io.zookit.admin.access.AccessGroup;
import io.zookit.admin.audit.AuditGroup;
import io.zookit.admin.config.ConfigGroup;
import io.zookit.admin.context.ContextGroup;
import io.zookit.admin.doctor.DoctorVerb;
import io.zookit.admin.incarnation.IncarnationGroup;
import io.zookit.admin.job.JobGroup;
import io.zookit.admin.lock.LockGroup;
import io.zookit.admin.service.ServiceGroup;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Program;
import io.zookit.admin.shell.Surroundings;
import java.util.List;

/** The program behind {@code zookit}, but for the commands that the launcher gives to others. */
public final class AdminCommand {

  private AdminCommand() {}

  /** Runs a command line; the help lists the exit codes. */
  public static void main(String[] args) {
    CancelHook hook = CancelHook.install(Thread.currentThread(), ExitCode.CANCELLED.number());
    int code = run(List.of(args), Surroundings.ofThisProcess());
    hook.done();
    System.exit(code);
  }

  /** Runs a command line somewhere. */
  static int run(List<String> args, Surroundings surroundings) {
    return program(surroundings).run(args);
  }

  /** Parses a command line without running it; throws what picocli says of one that cannot be parsed. */
  static void parse(List<String> args, Surroundings surroundings) {
    program(surroundings).parse(args);
  }

  /** All commands. A new group is entered here. */
  private static Program program(Surroundings surroundings) {
    return new Program(
            surroundings, "Locks, discovery, configuration and cluster cron on ZooKeeper.")
        .group(LockGroup::of)
        .group(ConfigGroup::of)
        .group(ServiceGroup::of)
        .group(JobGroup::of)
        .group(AccessGroup::of)
        .group(AuditGroup::of)
        .group(IncarnationGroup::of)
        .group(ContextGroup::of)
        .verb(DoctorVerb::new)
        .elsewhere("demo", "sample services that register, find and lock each other")
        .elsewhere("server", "a ZooKeeper server to develop against")
        .elsewhere("bench", "measurements side by side with the peers")
        .elsewhere("chaos", "the long run under faults, with a report")
        .ownVerbs();
  }
}
