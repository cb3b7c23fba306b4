package io.zookit.samples.shop.run;

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
final class SettingsOffice implements AutoCloseable {

  private static final Change BY = Change.by("office").because("demo");

  private final ZkClient zk;
  private final ConfigStore store;

  private SettingsOffice(ZkClient zk) {
    this.zk = zk;
    this.store = ConfigStore.in(zk);
  }

  static SettingsOffice open(Ensemble ensemble) {
    return new SettingsOffice(ZkClient.builder(ensemble.connectString())
        .root(ensemble.root())
        .label("office")
        .allowUnauthenticated()
        .connect());
  }

  /** Makes an edition stable. */
  Release publish(int edition) throws InterruptedException {
    return store.publish(
        CheckoutSettings.NAMESPACE, CheckoutSettings.of(edition, false).content(), BY);
  }

  /** Gives an edition with gifts to one instance. */
  GrayRelease tryOnOne(int edition) throws InterruptedException {
    return store.gray(
        CheckoutSettings.NAMESPACE,
        CheckoutSettings.of(edition, true).content(),
        Audience.count(1),
        BY);
  }

  Release promote(GrayRelease trial) throws InterruptedException {
    return trial.promote(BY);
  }

  /** Makes stable again what was before. */
  Release rollBack() throws InterruptedException {
    return store.rollback(CheckoutSettings.NAMESPACE, BY);
  }

  /** Returns the ids of the live instances that have reported the release they use. */
  Set<String> instances() throws InterruptedException {
    return store.instances(CheckoutSettings.NAMESPACE).stream()
        .map(ack -> ack.instance().id())
        .collect(Collectors.toSet());
  }

  /** Returns the number of releases. */
  int releases() throws InterruptedException {
    return store.history(CheckoutSettings.NAMESPACE).releases(1000).size();
  }

  @Override
  public void close() {
    zk.close();
  }
}
