package io.zookit.core.internal.client;

import com.google.common.base.Suppliers;
import io.zookit.core.Timekeeper;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;

/**
 * Asks all servers of a connect string at the same time which version they are, and in what order they answer.
 *
 * <p>A server that says nothing is not waited for: once one serves, the others have {@value #GRACE_MILLIS} ms more.
 *
 * <p><i>Threads:</i> one at a time.
 */
final class EnsembleProbe {

  /** For the answers behind the first: an ensemble's servers are about equally far away. */
  private static final int GRACE_MILLIS = 250;

  private static final int MOST_MILLIS = 1000;

  private final List<InetSocketAddress> servers;
  private final int millis;
  private final BlockingQueue<ServerProbe> answers = new LinkedBlockingQueue<>();
  private final Map<InetSocketAddress, ServerProbe> heard = new LinkedHashMap<>();
  private @Nullable Consumer<ServerProbe> late;

  private EnsembleProbe(List<InetSocketAddress> servers, int millis) {
    this.servers = servers;
    this.millis = millis;
  }

  /** Starts asking. */
  static EnsembleProbe start(
      ClientSettings settings, ServerAddresses addresses, Executor executor) {
    Function<InetSocketAddress, ServerProbe> question = question(settings);
    int millis = millis(settings);
    EnsembleProbe probe = new EnsembleProbe(addresses.servers(), millis);
    List<InetSocketAddress> shuffled = new ArrayList<>(addresses.servers());
    Collections.shuffle(shuffled); // or the first of every connect string would win mostly
    for (InetSocketAddress server : shuffled) {
      executor.execute(() -> probe.arrived(question.apply(server)));
    }
    return probe;
  }

  /** Over TLS no server answers in plain text, and with stores that cannot be used no server can be queried. */
  private static Function<InetSocketAddress, ServerProbe> question(ClientSettings settings) {
    int millis = millis(settings);
    ZKClientConfig config = settings.zooKeeperConfig();
    if (config == null || !ClientConfigSecurity.isTls(config)) {
      return server -> ServerProbe.ask(server, millis);
    }
    Supplier<Optional<SSLContext>> tls =
        Suppliers.memoize(() -> ClientConfigSecurity.tlsContext(config));
    return server -> tls.get()
        .map(context -> ServerProbe.askOverTls(server, context, millis))
        .orElseGet(() -> ServerProbe.reach(server, millis));
  }

  /** The time for which a silent server is waited for. */
  static int millis(ClientSettings settings) {
    return (int) Math.min(MOST_MILLIS, settings.connectTimeout().toMillis() / 2 + 1);
  }

  /**
   * Waits until a server serves and the grace for the others is over, until all have answered, or for the time of one
   * server.
   *
   * @return what came, in the order it came
   */
  List<ServerProbe> await() throws InterruptedException {
    long deadline = nanos() + TimeUnit.MILLISECONDS.toNanos(millis);
    boolean served = false;
    for (int i = 0; i < servers.size(); i++) {
      ServerProbe next = answers.poll(deadline - nanos(), TimeUnit.NANOSECONDS);
      if (next == null) {
        break;
      }
      heard.putIfAbsent(next.server(), next);
      if (!served && next.status().isGood()) {
        served = true;
        deadline = Math.min(deadline, nanos() + TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS));
      }
    }
    return List.copyOf(heard.values());
  }

  /** The addresses of the servers that answered so far, best first; equally good ones in the order they answered. */
  List<InetSocketAddress> order() {
    return heard.values().stream()
        .filter(probe -> probe.status().isGood())
        .sorted(Comparator.comparing(ServerProbe::status))
        .flatMap(probe -> probe.address().stream())
        .toList();
  }

  /** The present results of all servers, in the order of the connect string. */
  List<ServerProbe> all() {
    for (ServerProbe late = answers.poll(); late != null; late = answers.poll()) {
      heard.putIfAbsent(late.server(), late);
    }
    return servers.stream()
        .map(server -> heard.getOrDefault(server, ServerProbe.failed(server, "no answer in time")))
        .toList();
  }

  /** Hands on what comes from now on, on the thread it comes on. */
  synchronized void tellLate(Consumer<ServerProbe> listener) {
    answers.forEach(listener);
    late = listener;
  }

  private synchronized void arrived(ServerProbe answer) {
    answers.add(answer);
    if (late != null) {
      late.accept(answer);
    }
  }

  private static long nanos() {
    return Timekeeper.system().nanos();
  }
}
