package io.zookit.admin.service;

import io.zookit.admin.shell.Group;
import io.zookit.admin.shell.Shell;
import java.util.List;

/** The commands about services. */
public final class ServiceGroup {

  private ServiceGroup() {}

  /** The group, for a shell. */
  public static Group of(Shell shell) {
    return new Group(
        "service",
        "services and their instances: list, show, watch, weight, drain, disable",
        List.of(
            new ServiceList(shell),
            new ServiceShow(shell),
            new ServiceWatch(shell),
            new ServiceDisable(shell),
            new ServiceEnable(shell),
            new ServiceWeight(shell),
            new ServiceDrain(shell),
            new ServiceConsumers(shell),
            new ServiceGc(shell)));
  }
}
