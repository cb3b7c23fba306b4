package io.zookit.chaos.restore;

import io.zookit.chaos.experiment.ClientProcess;
import io.zookit.chaos.experiment.Experiment;
import io.zookit.chaos.experiment.ExperimentResult;
import io.zookit.chaos.experiment.FaultTimeline;
import io.zookit.chaos.experiment.InjectedFault;
import io.zookit.chaos.experiment.ResultBuilder;
import io.zookit.chaos.experiment.RunSettings;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.chaos.experiment.Testbed;
import io.zookit.chaos.fault.ShiftedClock;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.core.DataLineage;
import io.zookit.core.IncarnationException;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/**
 * All servers are set back to a copy of their data while a client lives on, and other clients connect and write before it
 * comes back. It has to notice, and nothing may be granted, published or claimed until an operator raises the incarnation;
 * then everything goes on. The control compares the version and the {@code czxid} of a node that others write: it has to
 * see nothing.
 */
public final class RestoreExperiment implements Experiment {

  /**
   * One restore: from a copy of running or of stopped servers, with a given number of foreign connects before the
   * client is back.
   */
  record Round(boolean hot, int foreign) {

    String kind() {
      return "restore a " + (hot ? "hot" : "cold") + " copy, " + foreign + " connects";
    }
  }

  private static final List<Integer> FOREIGN = List.of(1, 50, 500);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration START = Duration.ofMinutes(4);
  private static final Duration LOOK = Duration.ofSeconds(3);
  private static final Duration AHEAD = Duration.ofHours(1);
  private static final Change BY = Change.by("chaos");

  private final AtomicLong granted = new AtomicLong();
  private final AtomicLong ran = new AtomicLong();
  private final AtomicLong operations = new AtomicLong();
  private volatile int release;
  private volatile int version = -1;
  private volatile String suspicion = "";
  private volatile long incarnation;

  @Override
  public String name() {
    return "restore";
  }

  @Override
  public String promise() {
    return "P2: restored data are noticed by every process that remembers more; nothing is granted, published or claimed"
        + " silently, and everything goes on after the operator's act.";
  }

  /** Both kinds of copies and all numbers of connects, in an order of the seed; fewer when there is less time. */
  static List<Round> rounds(long seed, Duration length) {
    List<Round> all = new ArrayList<>();
    for (boolean hot : new boolean[] {true, false}) {
      FOREIGN.forEach(foreign -> all.add(new Round(hot, foreign)));
    }
    Collections.shuffle(all, new Random(seed));
    if (length.compareTo(Duration.ofMinutes(2)) >= 0) {
      return all;
    }
    List<Round> few =
        all.stream().filter(each -> each.foreign() == FOREIGN.get(1)).toList();
    return List.copyOf(few.subList(0, length.compareTo(Duration.ofSeconds(30)) < 0 ? 1 : 2));
  }

  @Override
  public ExperimentResult run(RunSettings settings) throws Exception {
    FaultTimeline timeline = new FaultTimeline();
    ResultBuilder results = new ResultBuilder(this, settings, timeline);
    List<Path> folders = new ArrayList<>();
    for (int server = 0; server < 3; server++) {
      folders.add(Files.createDirectories(settings.logs().resolve("data-" + server)));
    }
    DataCopy copy = new DataCopy(folders, settings.logs().resolve("backup"));
    try (Testbed testbed = Testbed.open(settings.logs(), servers -> {
          for (int server = 0; server < folders.size(); server++) {
            servers.data(server, folders.get(server));
          }
        });
        Restored restored = new Restored(testbed, copy)) {
      List<Round> rounds = rounds(settings.seed(), settings.length());
      for (Round round : rounds) {
        settings.progress().accept(round.kind());
        restored.run(round, timeline);
      }
      results
          .count("invoked", operations.get())
          .needs("restores", timeline.landed(), rounds.size())
          .needs("versions written by foreign clients", restored.lifted, rounds.size() * 7L)
          .needs("control: restores of which it saw nothing", restored.silent, 1)
          .forbids("not noticed", restored.unnoticed)
          .forbids("granted silently", restored.granted)
          .forbids("claimed silently", restored.claimed)
          .forbids("published silently", restored.published)
          .forbids("did not go on after the raise", restored.stuck);
      testbed.finish();
    }
    return results.outcome();
  }

  void onLine(String life, String line) {
    if (line.startsWith(RestoreClient.GRANTED)) {
      incarnation = Long.parseLong(line.substring(RestoreClient.GRANTED.length()));
      granted.incrementAndGet();
      operations.incrementAndGet();
    } else if (line.startsWith(RestoreClient.RAN)) {
      ran.incrementAndGet();
      operations.incrementAndGet();
    } else if (line.startsWith(RestoreClient.RELEASE)) {
      release = Integer.parseInt(line.substring(RestoreClient.RELEASE.length()));
    } else if (line.startsWith(RestoreClient.VERSION)) {
      version = Integer.parseInt(line.substring(RestoreClient.VERSION.length()));
    } else if (line.startsWith(RestoreClient.SUSPECT)) {
      suspicion = line.substring(RestoreClient.SUSPECT.length());
    } else if (line.equals(RestoreClient.TRUSTED)) {
      suspicion = "";
    }
  }

  /** The servers, the client that lives through it, and what came of it. */
  private final class Restored implements AutoCloseable {

    private final Stopwatch watch = new Stopwatch();
    private final Testbed testbed;
    private final DataCopy copy;
    private final ClientProcess member;
    private int silent;
    private int unnoticed;
    private long granted;
    private long claimed;
    private int published;
    private int stuck;
    private int number;
    private int lifted;

    Restored(Testbed testbed, DataCopy copy) throws InterruptedException {
      this.testbed = testbed;
      this.copy = copy;
      publish();
      member = testbed.join("living", RestoreClient.class, RestoreExperiment.this::onLine);
      require("a first grant", () -> RestoreExperiment.this.granted.get() > 0 && ran.get() > 0);
    }

    void run(Round round, FaultTimeline timeline) throws Exception {
      lift(3);
      publish();
      copy(round);
      int copied = number;
      lift(4);
      publish();
      publish();
      int newest = lineage().version();
      member.cut(); // each connect reads the lineage
      require("the newest version", () -> version == newest && release == number);
      Stat before = stat();
      long atMillis = watch.elapsed().toMillis();
      member.isolate();
      for (int server = 0; server < testbed.servers().size(); server++) {
        testbed.servers().kill(server);
      }
      copy.restore();
      startServers();
      boolean landed = lineage().version() < newest;
      lift(round.foreign());
      silent += isSilent(before, stat()) ? 1 : 0;
      returned();
      number = copied;
      timeline.add(new InjectedFault(atMillis, round.kind(), member.toString(), landed, raise()));
    }

    /** A machine with other work may take longer to start them than a server is waited for otherwise. */
    private void startServers() throws InterruptedException {
      try {
        testbed.servers().heal();
      } catch (IllegalStateException e) {
        if (!testbed.servers().awaitServing(START)) {
          throw e;
        }
      }
    }

    /** The client is back, and has to notice before anything else. */
    private void returned() throws InterruptedException {
      long grants = RestoreExperiment.this.granted.get();
      long runs = ran.get();
      member.heal();
      member.cut();
      boolean noticed =
          Stopwatch.await(SOON, () -> !suspicion.isEmpty()) && awaitPublishedSuspicion();
      unnoticed += noticed ? 0 : 1;
      if (noticed) {
        published += isPublished() ? 1 : 0;
        Stopwatch.pause(LOOK);
      }
      granted += RestoreExperiment.this.granted.get() - grants;
      claimed += ran.get() - runs;
    }

    /** Milliseconds until everything went on; negative if it did not. */
    private long raise() throws InterruptedException {
      Stopwatch since = new Stopwatch();
      long raised;
      try (ZkClient operator = testbed.observer()) {
        raised = operator.raiseIncarnation(0);
      }
      long runs = ran.get();
      boolean trusted = Stopwatch.await(
          SOON, () -> suspicion.isEmpty() && incarnation == raised && ran.get() > runs);
      boolean back = trusted && Stopwatch.await(SOON, () -> release == number);
      publish();
      boolean on = back && Stopwatch.await(SOON, () -> release == number);
      stuck += on ? 0 : 1;
      return on ? since.elapsed().toMillis() : -1;
    }

    private void copy(Round round) throws IOException, InterruptedException {
      if (round.hot()) {
        copy.take();
        return;
      }
      for (int server = 0; server < testbed.servers().size(); server++) {
        testbed.servers().kill(server);
      }
      copy.take();
      startServers();
    }

    /** Each connect of a client whose clock is wrong replaces the version, which seems old to it. */
    private void lift(int connects) throws InterruptedException {
      ShiftedClock ahead = new ShiftedClock();
      ahead.shift(AHEAD);
      for (int i = 0; i < connects; i++) {
        try (ZkClient foreign = connect(ahead)) {
          int read = foreign.lineage().map(DataLineage::version).orElse(-1);
          boolean more = Stopwatch.await(
              Duration.ofMillis(500),
              () ->
                  foreign.lineage().filter(lineage -> lineage.version() > read).isPresent());
          lifted += more ? 1 : 0;
        }
      }
    }

    private ZkClient connect(Timekeeper clock) {
      return ZkClient.builder(testbed.servers().connectString())
          .root(Testbed.ROOT)
          .timekeeper(clock)
          .connectTimeout(Testbed.PATIENCE)
          .connect();
    }

    private DataLineage lineage() throws InterruptedException {
      try (ZkClient reader = testbed.observer()) {
        if (!Stopwatch.await(SOON, () -> reader.lineage().isPresent())) {
          throw new IllegalStateException("the lineage cannot be read");
        }
        return reader.lineage().orElseThrow();
      }
    }

    private Stat stat() throws Exception {
      try (ZooKeeper plain =
          new ZooKeeper(testbed.servers().connectString(), 10_000, event -> {})) {
        Stat stat = plain.exists(Testbed.ROOT + "/~lineage", false);
        if (stat == null) {
          throw new IllegalStateException("no lineage");
        }
        return stat;
      }
    }

    /** Returns whether the restore is invisible to a comparison that has no history. */
    private boolean isSilent(Stat before, Stat now) {
      return now.getVersion() >= before.getVersion()
          && now.getCzxid() == before.getCzxid()
          && now.getCtime() == before.getCtime()
          && now.getMzxid() > before.getMzxid();
    }

    private void publish() throws InterruptedException {
      try (ZkClient publisher = testbed.observer()) {
        number = ConfigStore.in(publisher)
            .publish(
                RestoreClient.NAMESPACE,
                Content.properties("n=" + watch.elapsed().toNanos()),
                BY)
            .number();
      }
    }

    /** Waits until the suspicion is published: a client that remembers nothing cannot notice before. */
    private boolean awaitPublishedSuspicion() throws InterruptedException {
      try (ZkClient reader = testbed.observer()) {
        return Stopwatch.await(SOON, () -> reader.suspicion().isPresent());
      }
    }

    private boolean isPublished() throws InterruptedException {
      try {
        publish();
        return true;
      } catch (IncarnationException e) {
        return false;
      }
    }

    private void require(String what, java.util.function.BooleanSupplier condition)
        throws InterruptedException {
      if (!Stopwatch.await(SOON, condition)) {
        throw new ZkException(what + ": not in time; release " + release + " of " + number
            + ", version " + version + ", suspicion \"" + suspicion + "\"");
      }
    }

    @Override
    public void close() {
      member.close();
    }
  }
}
