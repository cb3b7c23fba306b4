package io.zookit.samples.shop;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.GrayRelease;
import io.zookit.config.Release;
import io.zookit.config.gray.Audience;
import io.zookit.core.ZkClient;
import io.zookit.samples.shop.settings.CheckoutSettings;
import java.util.Set;
import java.util.stream.Collectors;

/** Publisher of the shop's settings: publishes them, tries them on one instance, rolls them back. */
public final class SettingsPublisher {

  private static final Change BY = Change.by("publisher").because("demo");

  private final ConfigStore store;

  private SettingsPublisher(ZkClient zk) {
    this.store = ConfigStore.in(zk);
  }

  /** Creates a publisher. */
  public static SettingsPublisher in(ZkClient zk) {
    return new SettingsPublisher(zk);
  }

  /** Publishes an edition to all instances. */
  public Release publish(int edition) throws InterruptedException {
    return store.publish(
        CheckoutSettings.NAMESPACE, CheckoutSettings.of(edition, false).content(), BY);
  }

  /** Publishes an edition with gift wrapping to one instance. */
  public GrayRelease tryOnOne(int edition) throws InterruptedException {
    return store.gray(
        CheckoutSettings.NAMESPACE,
        CheckoutSettings.of(edition, true).content(),
        Audience.count(1),
        BY);
  }

  /** Makes a gray release stable. */
  public Release promote(GrayRelease trial) throws InterruptedException {
    return trial.promote(BY);
  }

  /** Publishes the content of the release before the stable one. */
  public Release rollBack() throws InterruptedException {
    return store.rollback(CheckoutSettings.NAMESPACE, BY);
  }

  /** Returns the ids of the live instances that have reported the release they use. */
  public Set<String> instances() throws InterruptedException {
    return store.instances(CheckoutSettings.NAMESPACE).stream()
        .map(ack -> ack.instance().id())
        .collect(Collectors.toSet());
  }

  /** Returns the number of releases. */
  public int releases() throws InterruptedException {
    return store.history(CheckoutSettings.NAMESPACE).releases(1000).size();
  }
}
