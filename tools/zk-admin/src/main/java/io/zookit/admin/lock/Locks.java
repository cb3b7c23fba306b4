package io.zookit.admin.lock;

import io.zookit.admin.shell.Ages;
import io.zookit.admin.shell.Shell;
import io.zookit.core.ZkClient;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.lock.inspect.LockNotFoundException;
import io.zookit.lock.inspect.LockReport;
import java.util.List;
import java.util.OptionalInt;

/** Common parts of the lock commands. */
final class Locks {

  private Locks() {}

  static LockInspector in(ZkClient client, Shell shell) {
    return LockInspector.in(client).withPatience(shell.timeout());
  }

  /**
   * A report with the holder of one number only.
   *
   * @throws LockNotFoundException if no lease of that number is held
   */
  static LockReport ofNumber(LockReport seen, int number) {
    List<LockReport.Entry> holder = seen.holders().stream()
        .filter(entry -> entry.number().equals(OptionalInt.of(number)))
        .toList();
    if (holder.isEmpty()) {
      throw new LockNotFoundException(
          "lock " + seen.name() + ": number " + number + " is not held");
    }
    return new LockReport(seen.name(), holder, seen.permits(), seen.sequencesLeft());
  }

  static LockLayout layout(Shell shell) {
    return new LockLayout(new Ages(shell.surroundings().timekeeper()));
  }
}
