package io.zookit.chaos.boundary;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.DistributedReadWriteLock;
import io.zookit.lock.DistributedSemaphore;
import io.zookit.lock.Lease;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.UUID;

/** Recipes that are used while the connection breaks. All objects of one root are named {@value #NAME}. */
@SuppressWarnings("ImmutableEnumChecker") // functions without state
enum Recipe {
  /** A lock that is free. */
  MUTEX(door -> ClientUser.open(door, Recipe::lock)),
  /** A lock that is taken, and given up a little later. */
  WAITING_MUTEX(WaitingUser::open),
  /** Written, downgraded, and read. */
  READ_WRITE(door -> ClientUser.open(door, Recipe::writeAndRead)),
  SEMAPHORE(door -> ClientUser.open(
      door,
      zk -> DistributedSemaphore.named(Recipe.NAME, 3, zk)
          .acquire(2, Trial.PATIENCE)
          .close())),
  MULTI_LOCK(door -> ClientUser.open(
      door,
      zk -> DistributedLock.several(zk)
          .exclusive(Recipe.NAME)
          .shared("m")
          .build()
          .acquire(Trial.PATIENCE)
          .close())),
  REGISTER(door -> ClientUser.open(door, Recipe::register)),
  PUBLISH(door -> ClientUser.open(door, Recipe::publish, Recipe::releases)),
  CLAIM(JobUser::open),
  /** The control. */
  NAIVE(NaiveUser::open);

  static final String NAME = "n";

  private static final Namespace NAMESPACE = Namespace.of("prod", "chaos", NAME);
  private static final int PORT = 8080;
  private static final int MANY = 100;

  private interface Opener {
    RecipeUser open(RecipeUser.Door door) throws Exception;
  }

  private final Opener opener;

  Recipe(Opener opener) {
    this.opener = opener;
  }

  /** Opens a visitor, which is connected when this method returns. */
  RecipeUser open(RecipeUser.Door door) throws Exception {
    return opener.open(door);
  }

  boolean isControl() {
    return this == NAIVE;
  }

  private static void lock(ZkClient zk) throws InterruptedException {
    DistributedLock.named(NAME, zk).acquire(Trial.PATIENCE).close();
  }

  private static void writeAndRead(ZkClient zk) throws InterruptedException {
    DistributedReadWriteLock lock = DistributedReadWriteLock.named(NAME, zk);
    try (Lease lease = lock.writeLock().acquire(Trial.PATIENCE)) {
      lock.downgrade(lease);
    }
    lock.readLock().acquire(Trial.PATIENCE).close();
  }

  private static void register(ZkClient zk) throws InterruptedException {
    ServiceRegistry registry = ServiceRegistry.builder(zk).grace(Duration.ZERO).build();
    try (Registration mine =
        registry.register(ServiceInstance.at(NAME, "127.0.0.1", PORT).withId("i"))) {
      mine.awaitRegistered(Trial.PATIENCE);
    }
  }

  private static void publish(ZkClient zk) throws InterruptedException {
    ConfigStore.builder(zk)
        .timeout(Trial.PATIENCE)
        .build()
        .publish(NAMESPACE, Content.properties("k=" + UUID.randomUUID()), Change.by("chaos"));
  }

  private static OptionalLong releases(ZkClient zk) throws InterruptedException {
    return OptionalLong.of(ConfigStore.in(zk).history(NAMESPACE).releases(MANY).size());
  }

  /** The name as people write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
