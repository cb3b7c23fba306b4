package io.zookit.id.internal.snowflake;

import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.id.IdLayout;
import io.zookit.id.IdMismatchException;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.record.IdNode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The slots that a client holds: one for each name, shared by its handles and released with the last of them. */
public final class SnowflakeSlots implements Engine {

  /** A slot and the number of its handles. */
  private static final class SharedSlot {
    final SlotHolder holder;
    int handles;

    SharedSlot(SlotHolder holder) {
      this.holder = holder;
    }
  }

  private final CoreClient client;
  private final Map<String, SharedSlot> slots = new HashMap<>();

  private SnowflakeSlots(CoreClient client) {
    this.client = client;
  }

  /** The slots of a client. */
  public static SnowflakeSlots in(CoreClient client) {
    return client.engine(SnowflakeSlots.class, SnowflakeSlots::new);
  }

  /**
   * Opens a handle of a name.
   *
   * @throws IdMismatchException if this client has another handle of the name with another layout
   */
  public SlotHandle open(String name, IdLayout layout) {
    IdNode node = new IdNode(client, name);
    synchronized (slots) {
      SharedSlot slot = slots.computeIfAbsent(
          name,
          first ->
              new SharedSlot(new SlotHolder(client, new SlotNodes(client, node, layout), layout)));
      if (!slot.holder.layout().equals(layout)) {
        throw new IdMismatchException("snowflake " + name + ": layout " + layout + " (expected: "
            + slot.holder.layout() + ", as another handle of this client)");
      }
      slot.handles++;
      return new SlotHandle(slot.holder, () -> release(name, slot));
    }
  }

  /** Changes the layout of a name as an operator. From any thread. */
  public CompletableFuture<Void> changeLayout(String name, IdLayout layout) {
    SlotNodes nodes = new SlotNodes(client, new IdNode(client, name), layout);
    AuditedChange change = AuditedChange.of("id.layout", name).with(layout.toString());
    return IdCalls.onLoop(
        client, nodes, handle -> nodes.changeLayout(handle, change).thenApply(open -> null));
  }

  private void release(String name, SharedSlot slot) {
    boolean last;
    synchronized (slots) {
      last = --slot.handles == 0 && slots.remove(name, slot);
    }
    if (last) {
      slot.holder.close();
    }
  }

  @Override
  public void start() {}

  @Override
  public void close() {
    Map<String, SharedSlot> open;
    synchronized (slots) {
      open = Map.copyOf(slots);
      slots.clear();
    }
    open.values().forEach(slot -> slot.holder.close());
  }
}
