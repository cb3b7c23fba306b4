package io.zookit.registry.internal.consumer;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.internal.selection.LiveNode;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.StoredInstance;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A view as a file keeps it.
 *
 * @param incarnation of the data in ZooKeeper, when it was saved
 */
public record SavedView(
    @Stored("service") String service,
    @Stored("incarnation") long incarnation,
    @Stored("savedAt") Instant savedAt,
    @Stored("nodes") List<SavedNode> nodes) {

  private static final int MAX_BYTES = 64 * 1024 * 1024;

  /** A node: what was in it, and when it was made, in milliseconds of the server's clock. */
  public record SavedNode(
      @Stored("name") String name,
      @Stored("ctime") long ctime,
      @Stored("data") String data) {}

  public static final RecordCodec<SavedView> CODEC =
      RecordCodec.of(SavedView.class, 1).withLimit(MAX_BYTES);

  static SavedView of(String service, long incarnation, Instant now, List<LiveNode> live) {
    List<SavedNode> nodes = live.stream()
        .filter(each -> each.instance().status() != InstanceStatus.LEAVING)
        .map(each -> new SavedNode(
            each.name(),
            each.ctime(),
            new String(StoredInstance.encode(each.instance()), StandardCharsets.UTF_8)))
        .toList();
    return new SavedView(service, incarnation, now, nodes);
  }

  byte[] encode() {
    return CODEC.encode(this);
  }

  static Optional<SavedView> decode(byte[] data) {
    return CODEC.decode(data) instanceof Decoded.Value<SavedView> value
        ? Optional.of(value.value())
        : Optional.empty();
  }

  /** The instances; what cannot be read is left out. */
  List<LiveNode> live() {
    List<LiveNode> live = new ArrayList<>();
    for (SavedNode node : nodes) {
      NodeName.parse(node.name()).ifPresent(name -> {
        byte[] data = node.data().getBytes(StandardCharsets.UTF_8);
        if (StoredInstance.decode(service, name, data)
            instanceof Decoded.Value<ServiceInstance> value) {
          live.add(new LiveNode("", name, node.ctime(), value.value()));
        }
      });
    }
    return live;
  }
}
