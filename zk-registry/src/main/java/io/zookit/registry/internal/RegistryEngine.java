package io.zookit.registry.internal;

import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.registry.internal.catalog.ServiceCatalog;
import io.zookit.registry.internal.consumer.Invalidations;
import io.zookit.registry.internal.consumer.ServiceWatchers;
import io.zookit.registry.internal.provider.ProviderServices;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The registrations and views of one client; passes the events of its session on to them. */
public final class RegistryEngine implements Engine, SessionListener {

  private final RegistryRuntime runtime;
  private final ServiceWatchers watchers;
  private final ProviderServices providers;
  private final ServiceCatalog catalog;
  private @Nullable Subscription sessions;

  private RegistryEngine(CoreClient client) {
    this(client, Invalidations::new);
  }

  /** Creates an engine whose watchers decide what to read by the given invalidations. */
  RegistryEngine(CoreClient client, Supplier<Invalidations> invalidations) {
    runtime = new RegistryRuntime(client);
    watchers = new ServiceWatchers(runtime, invalidations);
    providers = new ProviderServices(runtime);
    catalog = new ServiceCatalog(runtime);
  }

  /** The engine of a client. */
  public static RegistryEngine in(CoreClient client) {
    return client.engine(RegistryEngine.class, RegistryEngine::new);
  }

  @Override
  public void start() {
    runtime.meters().open();
    sessions = runtime.client().onSessions(this);
  }

  public RegistryRuntime runtime() {
    return runtime;
  }

  ProviderServices providers() {
    return providers;
  }

  ServiceWatchers watchers() {
    return watchers;
  }

  ServiceCatalog catalog() {
    return catalog;
  }

  @Override
  public void onConnected(SessionHandle connected) {
    runtime.onConnected(connected);
    providers.onConnected(connected);
    watchers.onConnected(connected);
    catalog.onConnected(connected);
  }

  @Override
  public void onSuspect(SessionHandle suspect) {
    providers.onSuspect();
    watchers.onSuspect();
    catalog.onSuspect();
  }

  @Override
  public void onLost(SessionHandle lost) {
    runtime.onLost();
    providers.onLost(lost);
    watchers.onLost();
    catalog.onLost();
  }

  /** Ends all registrations, each with its grace, then closes all views. */
  @Override
  public void close() {
    runtime.close();
    providers.close();
    runtime.client().loop().execute(() -> {
      watchers.closeViews();
      catalog.closeValues();
      if (sessions != null) {
        sessions.close();
      }
      runtime.meters().close();
    });
  }
}
