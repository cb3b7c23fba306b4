package io.zookit.admin;

import io.zookit.admin.cli.CliEnvironment;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.Program;
import io.zookit.admin.command.access.AccessCommand;
import io.zookit.admin.command.audit.AuditLogCommand;
import io.zookit.admin.command.config.ConfigCommand;
import io.zookit.admin.command.config.audit.AuditCommand;
import io.zookit.admin.command.config.draft.DraftCommand;
import io.zookit.admin.command.config.draft.RequestCommand;
import io.zookit.admin.command.config.gray.GrayCommand;
import io.zookit.admin.command.config.keys.KeysCommand;
import io.zookit.admin.command.config.ns.HeadCommand;
import io.zookit.admin.command.config.ns.NamespaceCommand;
import io.zookit.admin.command.config.policy.PolicyCommand;
import io.zookit.admin.command.config.upkeep.BackupCommand;
import io.zookit.admin.command.config.upkeep.GcCommand;
import io.zookit.admin.command.config.upkeep.RestoreCommand;
import io.zookit.admin.command.context.ContextCommand;
import io.zookit.admin.command.doctor.DoctorCommand;
import io.zookit.admin.command.group.GroupCommand;
import io.zookit.admin.command.id.IdCommand;
import io.zookit.admin.command.incarnation.IncarnationCommand;
import io.zookit.admin.command.job.JobCommand;
import io.zookit.admin.command.lock.LockCommand;
import io.zookit.admin.command.service.RouteCommand;
import io.zookit.admin.command.service.ServiceCommand;
import io.zookit.config.ConfigConflictException;
import io.zookit.config.ConfigNotFoundException;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.ConfigRejectedException;
import io.zookit.config.format.MalformedContentException;
import io.zookit.config.secret.SecretException;
import io.zookit.core.AccessControl;
import io.zookit.lock.inspect.LockNotFoundException;
import io.zookit.scheduler.JobConflictException;
import io.zookit.scheduler.UnknownJobException;
import java.util.List;
import java.util.Map;

/** The program behind {@code zookit}, but for the commands that the launcher gives to others. */
public final class AdminCommand {

  private AdminCommand() {}

  /** Runs a command line; the help lists the exit codes. */
  public static void main(String[] args) {
    CancelHook hook = CancelHook.install(Thread.currentThread(), ExitCode.CANCELLED.number());
    int code = run(List.of(args), CliEnvironment.ofThisProcess());
    hook.done();
    System.exit(code);
  }

  /** Runs a command line somewhere. */
  static int run(List<String> args, CliEnvironment environment) {
    return program(environment, args).run();
  }

  /** Parses a command line without running it; throws what picocli says of one that cannot be parsed. */
  static void parse(List<String> args, CliEnvironment environment) {
    program(environment, args).parse();
  }

  /** All commands. A new noun is entered here. */
  private static Program program(CliEnvironment environment, List<String> args) {
    return new Program(environment, RootCommand.class, args)
        .command(LockCommand.class)
        .command(
            ConfigCommand.class,
            ConfigCommand.verbsAnd(
                NamespaceCommand.class,
                PolicyCommand.class,
                DraftCommand.class,
                RequestCommand.class,
                GrayCommand.class,
                KeysCommand.class,
                HeadCommand.class,
                AuditCommand.class,
                GcCommand.class,
                BackupCommand.class,
                RestoreCommand.class))
        .command(ServiceCommand.class, RouteCommand.class)
        .command(JobCommand.class)
        .command(IdCommand.class)
        .command(GroupCommand.class)
        .command(AccessCommand.class)
        .command(AuditLogCommand.class)
        .command(IncarnationCommand.class)
        .command(ContextCommand.class)
        .command(DoctorCommand.class)
        .failures(failures());
  }

  /** The exceptions of the modules that end a command with a code of their own. */
  private static Map<Class<? extends Throwable>, ExitCode> failures() {
    return Map.of(
        LockNotFoundException.class, ExitCode.NOT_FOUND,
        ConfigNotFoundException.class, ExitCode.NOT_FOUND,
        ConfigConflictException.class, ExitCode.CONFLICT,
        ConfigRefusedException.class, ExitCode.CONFLICT,
        ConfigRejectedException.class, ExitCode.REJECTED,
        MalformedContentException.class, ExitCode.REJECTED,
        SecretException.class, ExitCode.DENIED,
        UnknownJobException.class, ExitCode.NOT_FOUND,
        JobConflictException.class, ExitCode.CONFLICT,
        AccessControl.RefusedException.class, ExitCode.REJECTED);
  }
}
