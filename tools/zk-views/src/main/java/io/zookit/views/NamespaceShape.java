package io.zookit.views;

import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A namespace, also one that cannot be read.
 *
 * @param namespace {@code ENV/APP/NS}; of what cannot be read its name
 * @param stable the stable release; null for none
 * @param candidate the release that instances vote on; null for none
 * @param problem why it cannot be read; null if it can
 */
public record NamespaceShape(
    String namespace,
    OptionalInt stable,
    int lastRelease,
    long epoch,
    long revision,
    boolean deleted,
    List<String> grays,
    OptionalInt candidate,
    List<Integer> pins,
    List<Namespace> layers,
    String by,
    @Nullable Instant at,
    String message,
    @Nullable String problem) {

  /** The shape of a state. */
  public static NamespaceShape of(NamespaceState state) {
    return new NamespaceShape(
        state.namespace().toString(),
        state.stable(),
        state.lastRelease(),
        state.epoch(),
        state.revision(),
        state.deleted(),
        state.grays(),
        state.candidate(),
        state.pins(),
        state.layers(),
        state.by(),
        state.at(),
        state.message(),
        null);
  }

  /** The shape of what cannot be read. */
  public static NamespaceShape unreadable(ConfigStore.Unreadable what) {
    return new NamespaceShape(
        what.name(),
        OptionalInt.empty(),
        0,
        0,
        0,
        false,
        List.of(),
        OptionalInt.empty(),
        List.of(),
        List.of(),
        "",
        null,
        "",
        what.reason());
  }

  /** All namespaces, and what cannot be read as a row of its own, by name. */
  public static List<NamespaceShape> of(ConfigStore.Inventory inventory) {
    List<NamespaceShape> all = new ArrayList<>();
    inventory.namespaces().forEach(state -> all.add(of(state)));
    inventory.unreadable().forEach(what -> all.add(unreadable(what)));
    all.sort(Comparator.comparing(NamespaceShape::namespace));
    return List.copyOf(all);
  }
}
