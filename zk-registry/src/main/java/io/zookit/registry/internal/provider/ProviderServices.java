package io.zookit.registry.internal.provider;

import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.ServicePaths;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The services of which a client registers instances.
 *
 * <p><i>Threads:</i> used on the client's loop, except for {@link #begin} and {@link #close}.
 */
public final class ProviderServices {

  private final RegistryRuntime runtime;
  private final Map<String, ProviderService> services = new HashMap<>();

  /** Creates an empty set of services. */
  public ProviderServices(RegistryRuntime runtime) {
    this.runtime = runtime;
  }

  /** Takes up a new registration. From any thread. */
  public void begin(ManagedRegistration registration) {
    runtime.requireOpen();
    runtime.meters().onWanted();
    runtime.client().loop().execute(() -> {
      ServicePaths place =
          new ServicePaths(runtime.client(), registration.instance().service());
      ProviderService service = services.computeIfAbsent(
          place.service(), name -> new ProviderService(runtime, this, place));
      registration.begin(service);
    });
  }

  /** Removes a service that has no registration any more. */
  void forget(ProviderService service) {
    services.remove(service.place().service(), service);
  }

  public void onConnected(SessionHandle connected) {
    all().forEach(service -> service.onConnected(connected));
  }

  public void onSuspect() {
    all().forEach(ProviderService::onSuspect);
  }

  public void onLost(SessionHandle lost) {
    all().forEach(service -> service.onLost(lost));
  }

  private List<ProviderService> all() {
    return new ArrayList<>(services.values());
  }

  /** Ends all registrations at the same time, each with its grace, and waits for their ends. Not on the loop. */
  public void close() {
    CompletableFuture<List<ManagedRegistration>> open = new CompletableFuture<>();
    runtime.client().loop().execute(() -> {
      List<ManagedRegistration> all = new ArrayList<>();
      services.values().forEach(service -> all.addAll(service.registrations()));
      all.forEach(ManagedRegistration::drainNow);
      open.complete(all);
    });
    awaitEnded(BlockingCalls.awaitUninterruptibly(open));
  }

  private static void awaitEnded(List<ManagedRegistration> registrations) {
    Duration longest = registrations.stream()
        .map(ManagedRegistration::closeTimeout)
        .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    CompletableFuture<?>[] ends = registrations.stream()
        .map(ManagedRegistration::endedOrCutOff)
        .toArray(CompletableFuture<?>[]::new);
    ManagedRegistration.awaitEnd(CompletableFuture.allOf(ends), longest);
  }
}
