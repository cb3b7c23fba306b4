package io.zookit.id.internal.sequence;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.id.internal.record.IdNode;
import io.zookit.id.internal.record.IdRecord;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The names of numbers that a client uses: its handles of one name share what is remembered and what is buffered. */
public final class NumberLines implements Engine {

  private final CoreClient client;
  private final int rollAt;
  private final Map<String, NumberLine> lines = new ConcurrentHashMap<>();
  private final Map<String, SegmentBuffer> buffers = new ConcurrentHashMap<>();

  private NumberLines(CoreClient client) {
    this(client, IdNode.VERSION_LIMIT);
  }

  /**
   * The names of a client.
   *
   * @param rollAt the version of a counter from which it is replaced
   */
  public NumberLines(CoreClient client, int rollAt) {
    this.client = client;
    this.rollAt = rollAt;
  }

  /** The names of a client. */
  public static NumberLines in(CoreClient client) {
    return client.engine(NumberLines.class, NumberLines::new);
  }

  /**
   * The numbers of a name.
   *
   * @param kind of the ids
   */
  public NumberLine line(String kind, String name) {
    IdNode node = new IdNode(client, name);
    return lines.computeIfAbsent(
        kind + " " + name, key -> new NumberLine(client, node, kind, rollAt));
  }

  /** The buffer of the segments of a name. */
  public SegmentBuffer buffer(String name) {
    NumberLine line = line(IdRecord.SEGMENTS, name);
    return buffers.computeIfAbsent(name, key -> new SegmentBuffer(line));
  }

  @Override
  public void start() {}

  /** Leaves nothing to close: what was allocated and not handed out is skipped. */
  @Override
  public void close() {
    lines.clear();
    buffers.clear();
  }
}
