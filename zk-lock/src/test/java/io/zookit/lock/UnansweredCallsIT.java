package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.AccessControl;
import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Role;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkUnavailableException;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.lock.inspect.LockReport;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All calls that block behave alike while the server of the connection does not answer. */
@Tag("full")
class UnansweredCallsIT {

  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final Duration SESSION = Duration.ofSeconds(40);

  /** The client library gives a silent connection up after two thirds of the session timeout. */
  private static final Duration NOTICED = SESSION.multipliedBy(2).dividedBy(3);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ExecutorService callers = Executors.newCachedThreadPool();

  /** End of a call and its duration. */
  private record Outcome(Throwable thrown, Duration took) {}

  @Test
  void blockingCalls_serverDoesNotAnswer_areUnavailableWithinTheLimitAndSayWhatMayHaveHappened()
      throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient client = world.keep(ZkClient.builder(proxy.connectString())
        .root(world.root)
        .connectTimeout(LIMIT)
        .sessionTimeout(SESSION)
        .connect());
    AccessControl access = AccessControl.in(client).within(LIMIT);
    LockInspector inspector = LockInspector.in(client).withPatience(LIMIT);
    Lease held = DistributedLock.named("a", client).acquire(LockWorld.LONG);
    LockReport seen = inspector.show("a");
    Identity somebody = new Identity("digest", "somebody:secret");
    Map<String, Callable<?>> changes = new LinkedHashMap<>();
    changes.put("raiseIncarnation", () -> client.raiseIncarnation(1));
    changes.put("repairIncarnation", () -> client.repairIncarnation(1));
    changes.put("policy", access::policy);
    changes.put("init", () -> access.init(AccessPolicy.sharedBy(somebody)));
    changes.put("grant", () -> access.grant(Role.ADMIN, somebody));
    changes.put("revoke role", () -> access.revoke(Role.ADMIN, somebody));
    changes.put("survey", access::survey);
    changes.put("apply", access::apply);
    changes.put("revoke", () -> inspector.revoke("a", "asked back"));
    changes.put("break", () -> inspector.breakLock("a"));
    changes.put("break seen", () -> inspector.breakLock(seen));
    Map<String, Callable<?>> reads = new LinkedHashMap<>();
    reads.put("authenticatedAs", client::authenticatedAs);
    reads.put("list", inspector::list);
    reads.put("show", () -> inspector.show("a"));
    reads.put("show all", () -> inspector.showAll(List.of("a", "b")));

    proxy.blackHole();
    Map<String, CompletableFuture<Outcome>> changing = begin(changes);
    Map<String, CompletableFuture<Outcome>> reading = begin(reads);

    requireAlike(changing, "the outcome is unknown");
    requireAlike(reading, "nothing was changed");
    proxy.heal();
    callers.shutdownNow();
    held.close();
  }

  private Map<String, CompletableFuture<Outcome>> begin(Map<String, Callable<?>> calls) {
    Map<String, CompletableFuture<Outcome>> begun = new LinkedHashMap<>();
    calls.forEach((name, call) ->
        begun.put(name, CompletableFuture.supplyAsync(() -> outcome(call), callers)));
    return begun;
  }

  private static Outcome outcome(Callable<?> call) {
    long start = System.nanoTime();
    Throwable thrown;
    try {
      thrown = new AssertionError("an answer came: " + call.call());
    } catch (Exception e) {
      thrown = e;
    }
    return new Outcome(thrown, Duration.ofNanos(System.nanoTime() - start));
  }

  private static void requireAlike(Map<String, CompletableFuture<Outcome>> begun, String effect)
      throws Exception {
    for (Map.Entry<String, CompletableFuture<Outcome>> call : begun.entrySet()) {
      Outcome outcome = call.getValue().get(90, TimeUnit.SECONDS);
      assertThat(outcome.thrown)
          .as(call.getKey())
          .isExactlyInstanceOf(ZkUnavailableException.class)
          .hasMessageEndingWith(effect);
      assertThat(List.of(outcome.thrown.getStackTrace()))
          .as("%s: the trace of the caller", call.getKey())
          .anyMatch(frame -> frame.getClassName().equals(UnansweredCallsIT.class.getName()));
      assertThat(outcome.took)
          .as("%s: ended by its limit, before the client library notices", call.getKey())
          .isLessThan(NOTICED);
    }
  }
}
