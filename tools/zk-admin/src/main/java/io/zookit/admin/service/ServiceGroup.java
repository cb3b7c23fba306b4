package io.zookit.admin.service;

import io.zookit.admin.shell.Group;
import io.zookit.admin.shell.Shell;
import java.util.List;
import java.util.Map;

/** The commands about services. */
public final class ServiceGroup {

  private ServiceGroup() {}

  /** The group, for a shell. */
  public static Group of(Shell shell) {
    return new Group(
        "service",
        "services and their instances: list, show, weight, drain, disable, break, route",
        List.of(
            new ServiceList(shell),
            new ServiceShow(shell),
            new ServiceWatch(shell),
            new ServiceDisable(shell),
            new ServiceEnable(shell),
            new ServiceWeight(shell),
            new ServiceDrain(shell),
            new ServiceBreak(shell),
            new ServiceConsumers(shell),
            new ServiceGc(shell)),
        List.of(routes(shell)),
        Map.of());
  }

  private static Group routes(Shell shell) {
    return new Group(
        "route",
        "routes of a service: where a part of its calls goes",
        List.of(new RouteList(shell), new RouteSet(shell), new RouteRemove(shell)));
  }
}
