package io.zookit.registry;

import java.util.Map;

/** The fields of an instance before they are checked; used by one thread. */
final class InstanceDraft {

  private static final int STANDARD_WEIGHT = 100;

  String service = "";
  String id = "";
  String host = "";
  int port;
  Map<String, Integer> ports = Map.of();
  String zone = "";
  String version = "";
  int weight = STANDARD_WEIGHT;
  Map<String, String> metadata = Map.of();
  InstanceStatus status = InstanceStatus.UP;

  InstanceDraft() {}

  InstanceDraft(ServiceInstance from) {
    service = from.service();
    id = from.id();
    host = from.host();
    port = from.port();
    ports = from.ports();
    zone = from.zoneOrEmpty();
    version = from.versionOrEmpty();
    weight = from.weight();
    metadata = from.metadata();
    status = from.status();
  }
}
