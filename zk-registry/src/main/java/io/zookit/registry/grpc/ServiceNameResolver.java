package io.zookit.registry.grpc;

import com.google.common.net.InetAddresses;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceListener;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Follows one service for one channel.
 *
 * <p>Addresses are created on the thread that notifies the view's listeners, or on the channel's executor after a
 * refresh, because host names have to be looked up; they are handed over in the channel's synchronization context,
 * unless newer ones exist by then.
 */
final class ServiceNameResolver extends NameResolver implements ServiceListener {

  private final ServiceRegistry registry;
  private final String service;
  private final SynchronizationContext context;
  private final @Nullable Executor lookups;
  private volatile @Nullable List<ServiceInstance> latest;

  // In the context.
  private @Nullable Listener2 listener;
  private @Nullable ServiceView view;
  private boolean hadSome;

  ServiceNameResolver(ServiceRegistry registry, String service, Args args) {
    this.registry = registry;
    this.service = service;
    this.context = args.getSynchronizationContext();
    this.lookups = args.getOffloadExecutor();
  }

  @Override
  public String getServiceAuthority() {
    return service;
  }

  @Override
  public void start(Listener2 told) {
    listener = told;
    try {
      view = registry.discover(service);
      view.subscribe(this);
    } catch (IllegalStateException e) {
      tell(
          StatusOr.fromStatus(Status.UNAVAILABLE.withDescription(e.getMessage()).withCause(e)));
    }
  }

  @Override
  public void onRotation(List<ServiceInstance> inRotation) {
    latest = inRotation;
    resolve(inRotation);
  }

  /**
   * Looks up the host names again, which may have other addresses by now; changes of the service arrive without a
   * refresh.
   */
  @Override
  public void refresh() {
    List<ServiceInstance> known = latest;
    Executor executor = lookups;
    if (known != null
        && executor != null
        && known.stream().anyMatch(each -> !InetAddresses.isInetAddress(each.host()))) {
      executor.execute(() -> resolve(known));
    }
  }

  private void resolve(List<ServiceInstance> instances) {
    List<EquivalentAddressGroup> addresses =
        instances.stream().map(InstanceAttributes::addressOf).toList();
    context.execute(() -> {
      if (instances == latest) {
        hand(addresses);
      }
    });
  }

  private void hand(List<EquivalentAddressGroup> addresses) {
    hadSome |= !addresses.isEmpty();
    tell(
        hadSome
            ? StatusOr.fromValue(addresses)
            : StatusOr.fromStatus(Status.UNAVAILABLE.withDescription(
                "service " + service + ": no instance is in rotation")));
  }

  private void tell(StatusOr<List<EquivalentAddressGroup>> result) {
    if (listener != null) {
      listener.onResult2(
          ResolutionResult.newBuilder().setAddressesOrError(result).build());
    }
  }

  @Override
  public void shutdown() {
    listener = null;
    if (view != null) {
      view.close();
      view = null;
    }
  }

  @Override
  public String toString() {
    return "zk:///" + service;
  }
}
