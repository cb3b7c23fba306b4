package io.zookit.admin.job;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Group;
import io.zookit.admin.shell.Shell;
import io.zookit.scheduler.JobConflictException;
import io.zookit.scheduler.UnknownJobException;
import java.util.List;
import java.util.Map;

/** The commands about jobs. */
public final class JobGroup {

  private JobGroup() {}

  /** The group, for a shell. */
  public static Group of(Shell shell) {
    return new Group(
        "job",
        "cluster jobs: list, define, trigger, pause, history",
        List.of(
            new JobList(shell),
            new JobShow(shell),
            new JobNext(shell),
            new JobDefine(shell),
            new JobDiff(shell),
            new JobTrigger(shell),
            new JobBackfill(shell),
            new JobPause(shell),
            new JobResume(shell),
            new JobCancel(shell),
            new JobDelete(shell),
            new JobHistory(shell),
            new JobVerify(shell),
            new JobNodes(shell)),
        Map.of(
            UnknownJobException.class, ExitCode.NOT_FOUND,
            JobConflictException.class, ExitCode.CONFLICT));
  }
}
