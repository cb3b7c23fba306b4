package io.zookit.samples.shop.process;

import io.zookit.core.ZkClient;
import io.zookit.testkit.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * This process as a part of the shop: its arguments, its connection to ZooKeeper and the commands of the demo.
 *
 * <p>It ends with the demo that started it.
 */
public final class ShopProcess {

  /** Session timeout of the processes of the shop. */
  public static final Duration SESSION = Duration.ofSeconds(4);

  private static final Set<String> OPTIONS =
      Set.of("--name", "--connect", "--root", "--database", "--articles", "--version");
  private static final Duration GOODBYE = Duration.ofSeconds(10);

  private final Arguments arguments;
  private final Map<String, Runnable> commands = new ConcurrentHashMap<>();

  private ShopProcess(Arguments arguments) {
    this.arguments = arguments;
  }

  /** Parses the arguments and begins to read commands; for the first line of a main method. */
  public static ShopProcess begin(String... args) {
    ShopProcess process =
        new ShopProcess(Arguments.parse(List.of(args), OPTIONS, Set.of("--unfenced")));
    ChildJvm.exitWithParent(process::execute);
    return process;
  }

  /** Returns the name of this process. */
  public String name() {
    return arguments.required("--name");
  }

  /** Returns the version of the service, if it has one. */
  public Optional<String> version() {
    return arguments.value("--version");
  }

  /** Returns the JDBC address of the database. */
  public String database() {
    return arguments.required("--database");
  }

  /** Returns the articles of the shop. */
  public List<String> articles() {
    return List.of(arguments.required("--articles").split(","));
  }

  /** Returns whether the store checks its fence. */
  public boolean isFenced() {
    return !arguments.has("--unfenced");
  }

  /** Connects to ZooKeeper. */
  public ZkClient connect() {
    return ZkClient.builder(arguments.required("--connect"))
        .root(arguments.required("--root"))
        .sessionTimeout(SESSION)
        .connectTimeout(Duration.ofMinutes(1))
        .label(name())
        .allowUnauthenticated()
        .connect();
  }

  /** Registers the action of a command that the demo sends. */
  public ShopProcess on(String command, Runnable action) {
    commands.put(command, action);
    return this;
  }

  /**
   * Waits until the process receives a request to terminate (SIGTERM, Ctrl-C). Whatever the main method does
   * afterwards, such as deregistering, has to finish within some seconds.
   */
  public void awaitEnd() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    Thread main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      asked.countDown();
      join(main);
    }));
    asked.await();
  }

  private static void join(Thread main) {
    try {
      main.join(GOODBYE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void execute(String command) {
    commands.getOrDefault(command, () -> {}).run();
  }
}
