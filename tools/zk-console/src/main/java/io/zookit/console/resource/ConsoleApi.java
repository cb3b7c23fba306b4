package io.zookit.console.resource;

import java.util.ArrayList;
import java.util.List;

/** All endpoints. */
public final class ConsoleApi {

  private ConsoleApi() {}

  /** The endpoints in the order of the OpenAPI document. */
  public static List<Endpoint> endpoints() {
    List<Endpoint> all = new ArrayList<>();
    all.addAll(new NamespaceResource().endpoints());
    all.addAll(new ReleaseResource().endpoints());
    all.addAll(new GrayResource().endpoints());
    all.addAll(new ClientConfigResource().endpoints());
    all.addAll(new ServiceResource().endpoints());
    all.addAll(new LockResource().endpoints());
    all.addAll(new JobResource().endpoints());
    all.addAll(new ClusterResource().endpoints());
    return List.copyOf(all);
  }
}
