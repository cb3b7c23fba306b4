package io.zookit.registry.internal;

import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.overview.FolderOverview;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.registry.ServiceSummary;
import io.zookit.registry.internal.catalog.CatalogContent;
import io.zookit.registry.internal.consumer.Invalidations;
import io.zookit.registry.internal.consumer.ServiceWatchers;
import io.zookit.registry.internal.provider.ProviderServices;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.ServicePaths;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The registrations and views of one client; passes the events of its session on to them. */
public final class RegistryEngine implements Engine, SessionListener {

  private final RegistryRuntime runtime;
  private final ServiceWatchers watchers;
  private final ProviderServices providers;
  private final FolderOverview<List<ServiceSummary>> overview;
  private @Nullable Subscription sessions;

  private RegistryEngine(CoreClient client) {
    this(client, Invalidations::new);
  }

  /** Creates an engine whose watchers decide what to read by the given invalidations. */
  RegistryEngine(CoreClient client, Supplier<Invalidations> invalidations) {
    runtime = new RegistryRuntime(client);
    watchers = new ServiceWatchers(runtime, invalidations);
    providers = new ProviderServices(runtime);
    overview = new FolderOverview<>(
        client, "overview of services", ServicePaths.services(client), new CatalogContent(client));
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

  FolderOverview<List<ServiceSummary>> overview() {
    return overview;
  }

  @Override
  public void onConnected(SessionHandle connected) {
    runtime.onConnected(connected);
    providers.onConnected(connected);
    watchers.onConnected(connected);
  }

  @Override
  public void onSuspect(SessionHandle suspect) {
    providers.onSuspect();
    watchers.onSuspect();
  }

  @Override
  public void onLost(SessionHandle lost) {
    runtime.onLost();
    providers.onLost(lost);
    watchers.onLost();
  }

  /** Ends all registrations, each with its grace, then closes all views. */
  @Override
  public void close() {
    runtime.close();
    providers.close();
    overview.close();
    runtime.client().loop().execute(() -> {
      watchers.closeViews();
      if (sessions != null) {
        sessions.close();
      }
      runtime.meters().close();
    });
  }
}
