package io.zookit.spring.config;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.Namespace;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.util.StringUtils;

/** The values of one namespace in the generation in force. */
final class SnapshotPropertySource extends EnumerablePropertySource<Namespace>
    implements OriginLookup<String> {

  private final Supplier<Optional<ConfigSnapshot>> snapshot;

  SnapshotPropertySource(Namespace ns, Supplier<Optional<ConfigSnapshot>> snapshot) {
    super(ImportLocationResolver.PREFIX + ns, ns);
    this.snapshot = snapshot;
  }

  /** The same source with the values that it would have. */
  SnapshotPropertySource at(Map<Namespace, ConfigSnapshot> candidates) {
    Optional<ConfigSnapshot> candidate = Optional.ofNullable(candidates.get(getSource()));
    return new SnapshotPropertySource(getSource(), () -> candidate);
  }

  @Override
  public @Nullable Object getProperty(String name) {
    return snapshot.get().flatMap(each -> each.get(name)).orElse(null);
  }

  @Override
  public boolean containsProperty(String name) {
    return snapshot.get().filter(each -> each.values().containsKey(name)).isPresent();
  }

  @Override
  public String[] getPropertyNames() {
    return snapshot
        .get()
        .map(each -> StringUtils.toStringArray(each.values().keySet()))
        .orElseGet(() -> new String[0]);
  }

  /** Tells if the value of a key is secret. */
  boolean isSecret(String key) {
    return snapshot.get().filter(each -> each.isSecret(key)).isPresent();
  }

  @Override
  public @Nullable Origin getOrigin(String key) {
    return snapshot
        .get()
        .flatMap(each -> each.origin(key))
        .map(ReleaseOrigin::new)
        .orElse(null);
  }

  /** The release that a value comes from, as Spring Boot shows origins. */
  private record ReleaseOrigin(ConfigSnapshot.Origin origin) implements Origin {

    @Override
    public String toString() {
      return "release " + origin.release() + " of " + origin.layer() + ", " + origin.rule()
          + ", by " + origin.author();
    }
  }
}
