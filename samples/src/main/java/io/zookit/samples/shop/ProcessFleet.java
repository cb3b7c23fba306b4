package io.zookit.samples.shop;

import io.zookit.samples.shop.inventory.InventoryService;
import io.zookit.samples.shop.load.LoadGenerator;
import io.zookit.samples.shop.orders.OrderService;
import io.zookit.samples.shop.process.ShopEvent;
import io.zookit.testkit.ChildJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentSkipListMap;

/** The processes of the shop: starts them, sends them signals, kills them when it is closed. */
public final class ProcessFleet implements AutoCloseable {

  /** The inventory services. */
  public static final List<String> INVENTORIES = List.of("inventory-1", "inventory-2");
  /** The order services. */
  public static final List<String> ORDERS = List.of("orders-1", "orders-2");
  /** The inventory service of the new version. */
  public static final String NEW_INVENTORY = "inventory-3";

  /** Version of the inventory that is tried while the shop sells. */
  public static final String NEW_VERSION = "2.0";

  /** The load generator. */
  public static final String LOAD = "load";

  /** Condition of a process that runs. */
  public static final String UP = "up";
  /** Condition of a process that was killed. */
  public static final String KILLED = "killed";
  /** Condition of a process that was stopped (SIGSTOP). */
  public static final String STOPPED = "stopped";

  // Small and quick to start: eight of them have to get along on two cores.
  private static final String[] JVM_OPTIONS = {
    "-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dsun.net.httpserver.nodelay=true"
  };

  private record FleetMember(ChildJvm process, String condition) {}

  private final ShopEventLog log;
  private final Path logs;
  private final List<String> arguments;
  private final Map<String, FleetMember> members = new ConcurrentSkipListMap<>();

  /**
   * Creates a fleet without processes.
   *
   * @param arguments what each process of the shop is started with
   */
  public ProcessFleet(ShopEventLog log, Path logs, List<String> arguments) {
    this.log = log;
    this.logs = logs;
    this.arguments = List.copyOf(arguments);
  }

  /** Starts the inventory services. */
  public void startInventories() {
    INVENTORIES.forEach(name -> start(name, InventoryService.class));
  }

  /** Starts an inventory service of the new version. */
  public void startNewInventory() {
    start(NEW_INVENTORY, InventoryService.class, "--version", NEW_VERSION);
  }

  /** Starts the order services. */
  public void startOrders() {
    ORDERS.forEach(name -> start(name, OrderService.class));
  }

  /** Starts the load generator. */
  public void startLoad() {
    start(LOAD, LoadGenerator.class);
  }

  /** Sends a command to a process. */
  public void send(String name, String command) {
    member(name).process().send(command);
  }

  /** Asks an inventory service to end (SIGTERM), waits until it has, and starts it again. */
  public void restart(String name) throws InterruptedException {
    set(name, KILLED);
    member(name).process().terminate(BoundedWait.LIMIT);
    member(name).process().close();
    start(name, InventoryService.class);
  }

  /** Kills a process (SIGKILL). */
  public void kill(String name) {
    set(name, KILLED);
    member(name).process().kill();
  }

  /** Stops a process (SIGSTOP). */
  public void stop(String name) {
    member(name).process().pause();
    set(name, STOPPED);
  }

  /** Lets a stopped process continue (SIGCONT). */
  public void resume(String name) {
    member(name).process().resume();
    set(name, UP);
  }

  /**
   * Checks that no process has ended unexpectedly.
   *
   * @throws DemoException if one has ended by itself
   */
  public void requireAlive() {
    members.forEach((name, member) -> {
      if (!member.condition().equals(KILLED) && !member.process().isAlive()) {
        throw new DemoException(name + " has ended by itself");
      }
    });
  }

  /** Returns the condition of each process, by its name. */
  public Map<String, String> conditions() {
    Map<String, String> conditions = new ConcurrentSkipListMap<>();
    members.forEach((name, member) -> conditions.put(name, member.condition()));
    return conditions;
  }

  @Override
  public void close() {
    members.values().forEach(member -> member.process().close());
  }

  private void start(String name, Class<?> main, String... more) {
    List<String> all = new ArrayList<>(List.of("--name", name));
    all.addAll(arguments);
    all.addAll(List.of(more));
    ChildJvm process = ChildJvm.of(main)
        .jvmOptions(JVM_OPTIONS)
        .args(all.toArray(new String[0]))
        .log(logs.resolve(name + ".log"))
        .onLine(line -> ShopEvent.parse(line).ifPresent(event -> log.add(name, event)))
        .start();
    members.put(name, new FleetMember(process, UP));
  }

  private void set(String name, String condition) {
    members.put(name, new FleetMember(member(name).process(), condition));
  }

  private FleetMember member(String name) {
    FleetMember member = members.get(name);
    if (member == null) {
      throw new NoSuchElementException(name + " was not started");
    }
    return member;
  }
}
