package io.zookit.config.internal.history;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.ConfigStore.Explained;
import io.zookit.config.Namespace;
import io.zookit.config.format.Diff;
import io.zookit.config.gray.Instance;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Manifest;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.config.secret.SealedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Explains the value that an instance has: layer, release, rule and author of each reason. */
public final class ValueExplainer {

  private final StoredConfigReader reader;

  public ValueExplainer(StoredConfigReader reader) {
    this.reader = reader;
  }

  /** The reasons for a value, the strongest first. */
  public List<Explained> explain(Namespace ns, String key, Instance instance)
      throws InterruptedException {
    List<Namespace> strongestFirst = new ArrayList<>(List.of(ns));
    for (String layer : reader.present(ns).head().layers()) {
      strongestFirst.add(1, Namespace.parse(layer));
    }
    List<Explained> reasons = new ArrayList<>();
    for (Namespace layer : strongestFirst) {
      reason(layer, key, instance).ifPresent(reasons::add);
    }
    return List.copyOf(reasons);
  }

  private Optional<Explained> reason(Namespace layer, String key, Instance instance)
      throws InterruptedException {
    Optional<Head.Selection> selection = reader.head(layer).head().select(layer, instance);
    if (selection.isEmpty()) {
      return Optional.empty();
    }
    int number = selection.get().release().release();
    Manifest manifest = reader.presentRelease(layer, number).manifest();
    return reader
        .content(layer, number)
        .get(key)
        .map(value -> new Explained(
            new ConfigSnapshot.Origin(
                layer.toString(), number, selection.get().rule(), manifest.author(), manifest.at()),
            SealedValue.isSealed(value) ? Diff.HIDDEN : value));
  }
}
