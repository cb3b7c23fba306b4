package io.zookit.scheduler.internal.ledger;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.scheduler.JobView;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import io.zookit.scheduler.internal.zk.ZkSessionTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;

/**
 * One read of the overview: of all jobs, or of some.
 *
 * <pre>
 *   list the partitions → list each → read the jobs, {@value #JOBS_TOGETHER} in a request
 * </pre>
 *
 * <p>Each step is one flight of requests. Confined to the loop.
 */
final class OverviewRead {

  /** Jobs that are read by one request: with states at their greatest length they fit into one packet. */
  private static final int JOBS_TOGETHER = 32;

  private final ZkSessionTree tree;
  private final JobPaths paths;
  private final List<JobView> jobs = new ArrayList<>();
  private final Map<String, String> unreadable = new HashMap<>();
  private Consumer<Code> done = code -> {};
  private int flights;
  private boolean over;

  OverviewRead(ZkSessionTree tree, JobPaths paths) {
    this.tree = tree;
    this.paths = paths;
  }

  /** The jobs that exist and can be read. */
  List<JobView> jobs() {
    return jobs;
  }

  /** The reasons why the others cannot be read, by job. */
  Map<String, String> unreadable() {
    return unreadable;
  }

  /**
   * Reads some jobs.
   *
   * @param ended receives {@code OK} when all are answered, or the code of what was not
   */
  void start(Collection<String> names, Consumer<Code> ended) {
    done = ended;
    readJobs(names);
  }

  /** Reads all jobs; ends as {@link #start} does. */
  void startAll(Consumer<Code> ended) {
    done = ended;
    tree.sync();
    tree.list(paths.jobs(), partitions -> {
      if (partitions.isOk()) {
        listPartitions(partitions.get());
      } else if (partitions.code() == Code.NONODE) {
        readJobs(List.of());
      } else {
        toBroken(partitions.code());
      }
    });
  }

  private void listPartitions(List<String> names) {
    List<String> partitions = names.stream()
        .filter(JobPaths::isPartition)
        .map(name -> paths.jobs().own(name).value())
        .toList();
    Multi.listChildren(tree.handle(), partitions, answers -> {
      List<String> found = new ArrayList<>();
      for (Answer<List<String>> answer : answers) {
        if (answer.isOk()) {
          found.addAll(answer.get());
        } else if (answer.code() != Code.NONODE) {
          toBroken(answer.code());
        }
      }
      readJobs(found);
    });
  }

  private void readJobs(Collection<String> names) {
    List<String> all = names.stream()
        .filter(name -> ZkPath.isName(name, name.length()))
        .sorted()
        .toList();
    flights = 1; // of this method, so that no answer ends the read before all requests are sent
    for (int i = 0; i < all.size(); i += JOBS_TOGETHER) {
      List<String> some = all.subList(i, Math.min(all.size(), i + JOBS_TOGETHER));
      List<ZkPath> wanted = new ArrayList<>();
      some.forEach(job -> wanted.addAll(ReadJob.nodesOf(paths, job)));
      flights++;
      tree.read(wanted, read -> onJobs(some, read));
    }
    land();
  }

  private void onJobs(List<String> names, Answer<List<Found>> read) {
    if (!read.isOk()) {
      toBroken(read.code());
      return;
    }
    ListingReader.decode(paths, names, read.get(), jobs, unreadable);
    land();
  }

  private void land() {
    flights--;
    if (flights == 0 && !over) {
      over = true;
      done.accept(Code.OK);
    }
  }

  private void toBroken(Code code) {
    if (!over) {
      over = true;
      done.accept(code);
    }
  }
}
