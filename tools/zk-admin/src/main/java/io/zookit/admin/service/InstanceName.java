package io.zookit.admin.service;

/** An instance as it is typed: {@code SERVICE/ID}. */
record InstanceName(String service, String id) {

  @Override
  public String toString() {
    return service + "/" + id;
  }
}
