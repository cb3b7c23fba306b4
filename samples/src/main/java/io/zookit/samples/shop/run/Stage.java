package io.zookit.samples.shop.run;

import io.zookit.samples.shop.inventory.InventoryService;
import io.zookit.samples.shop.load.LoadGenerator;
import io.zookit.samples.shop.orders.OrderService;
import io.zookit.samples.shop.process.Event;
import io.zookit.testkit.ChildJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentSkipListMap;

/** The processes of the shop, and what is done to them. Closing it kills them. */
final class Stage implements AutoCloseable {

  static final List<String> INVENTORIES = List.of("inventory-1", "inventory-2");
  static final List<String> ORDERS = List.of("orders-1", "orders-2");
  static final String LOAD = "load";

  static final String UP = "up";
  static final String KILLED = "killed";
  static final String STOPPED = "stopped";

  // Small and quick to start: eight of them have to get along on two cores.
  private static final String[] JVM_OPTIONS = {
    "-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dsun.net.httpserver.nodelay=true"
  };

  private record Actor(ChildJvm process, String condition) {}

  private final Chronicle chronicle;
  private final Path logs;
  private final List<String> arguments;
  private final Map<String, Actor> cast = new ConcurrentSkipListMap<>();

  /** @param arguments what every process of the shop is started with */
  Stage(Chronicle chronicle, Path logs, List<String> arguments) {
    this.chronicle = chronicle;
    this.logs = logs;
    this.arguments = List.copyOf(arguments);
  }

  void startInventories() {
    INVENTORIES.forEach(name -> start(name, InventoryService.class));
  }

  void startOrders() {
    ORDERS.forEach(name -> start(name, OrderService.class));
  }

  void startLoad() {
    start(LOAD, LoadGenerator.class);
  }

  /** Says a word to a process. */
  void tell(String name, String word) {
    actor(name).process().send(word);
  }

  /** Asks an inventory service to end (SIGTERM), waits until it has, and starts it again. */
  void restart(String name) throws InterruptedException {
    set(name, KILLED);
    actor(name).process().terminate(Waiting.LIMIT);
    actor(name).process().close();
    start(name, InventoryService.class);
  }

  /** kill -9. */
  void kill(String name) {
    set(name, KILLED);
    actor(name).process().kill();
  }

  /** SIGSTOP. */
  void stop(String name) {
    actor(name).process().pause();
    set(name, STOPPED);
  }

  /** SIGCONT. */
  void resume(String name) {
    actor(name).process().resume();
    set(name, UP);
  }

  /**
   * Checks that no process has ended unexpectedly.
   *
   * @throws DemoException if one has ended by itself
   */
  void requireAlive() {
    cast.forEach((name, actor) -> {
      if (!actor.condition().equals(KILLED) && !actor.process().isAlive()) {
        throw new DemoException(name + " has ended by itself");
      }
    });
  }

  /** Returns the condition of each process, by its name. */
  Map<String, String> conditions() {
    Map<String, String> conditions = new ConcurrentSkipListMap<>();
    cast.forEach((name, actor) -> conditions.put(name, actor.condition()));
    return conditions;
  }

  @Override
  public void close() {
    cast.values().forEach(actor -> actor.process().close());
  }

  private void start(String name, Class<?> main) {
    List<String> all = new ArrayList<>(List.of("--name", name));
    all.addAll(arguments);
    ChildJvm process = ChildJvm.of(main)
        .jvmOptions(JVM_OPTIONS)
        .args(all.toArray(new String[0]))
        .log(logs.resolve(name + ".log"))
        .onLine(line -> Event.parse(line).ifPresent(event -> chronicle.add(name, event)))
        .start();
    cast.put(name, new Actor(process, UP));
  }

  private void set(String name, String condition) {
    cast.put(name, new Actor(actor(name).process(), condition));
  }

  private Actor actor(String name) {
    Actor actor = cast.get(name);
    if (actor == null) {
      throw new NoSuchElementException(name + " was not started");
    }
    return actor;
  }
}
