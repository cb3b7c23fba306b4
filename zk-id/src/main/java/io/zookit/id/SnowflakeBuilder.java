package io.zookit.id;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.snowflake.SnowflakeSlots;
import java.time.Duration;

/** Settings of a {@link Snowflake}. */
public final class SnowflakeBuilder {

  private final String name;
  private final CoreClient client;
  private IdLayout layout = IdLayout.of(41, 10, 12);
  private Duration limit = IdCalls.STANDARD_LIMIT;

  SnowflakeBuilder(String name, ZkClient client) {
    this.name = name;
    this.client = CoreClient.of(client);
  }

  /** Sets the layout; 41 bits of milliseconds since 2026, 10 of slots and 12 of numbers unless set. */
  public SnowflakeBuilder layout(IdLayout bits) {
    this.layout = bits;
    return this;
  }

  /**
   * Sets how long a call waits for ZooKeeper; 10 s unless set.
   *
   * @param longest more than zero
   */
  public SnowflakeBuilder timeout(Duration longest) {
    this.limit = new IdCalls(client, longest).limit();
    return this;
  }

  /**
   * Creates a handle. Nothing is sent.
   *
   * @throws IllegalArgumentException if the layout begins in the future or ends within a year
   * @throws IdMismatchException if this client has a handle of the name with another layout
   */
  public Snowflake build() {
    layout.requireLasting(client.timekeeper().now());
    return new Snowflake(SnowflakeSlots.in(client).open(name, layout), layout, limit);
  }
}
