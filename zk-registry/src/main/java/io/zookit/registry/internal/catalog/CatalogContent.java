package io.zookit.registry.internal.catalog;

import io.zookit.core.Timekeeper;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.overview.OverviewContent;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.registry.ServiceSummary;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * The summaries of all services. A change is one read of what has changed; the deletion of an instance's node is none.
 */
public final class CatalogContent implements OverviewContent<List<ServiceSummary>> {

  /** Broken reads in a row after which the sizes of nodes are queried first. */
  private static final int CAREFUL_AFTER = 2;

  private final CoreClient client;
  private final Timekeeper timekeeper;
  private final CatalogTable table = new CatalogTable();
  private final Set<String> changed = new HashSet<>();
  private CatalogInvalidations invalid = new CatalogInvalidations();

  /** The read in flight, or one that was abandoned because its connection ended. */
  private @Nullable CatalogRead reading;

  private int broken;
  private Optional<Instant> nextExpiry = Optional.empty();

  /** Creates the content of a client's folder of services. */
  public CatalogContent(CoreClient client) {
    this.client = client;
    this.timekeeper = client.timekeeper();
  }

  @Override
  public void invalidate(String below, EventType change) {
    invalid.add(below, change);
  }

  @Override
  public void invalidateAll() {
    invalid.addAll();
  }

  @Override
  public boolean isInvalid() {
    return !invalid.isEmpty();
  }

  @Override
  public void read(SessionHandle handle, Scope scope, Consumer<Code> done) {
    if (reading != null) {
      broken++;
    }
    CatalogInvalidations asked = invalid;
    invalid = new CatalogInvalidations();
    CatalogRead read = new CatalogRead(handle, client, asked, broken >= CAREFUL_AFTER);
    reading = read;
    read.start(scope.wrap((Code code) -> {
      reading = null;
      if (code == Code.OK) {
        broken = 0;
        changed.addAll(table.apply(read, invalid));
      } else {
        broken++;
      }
      done.accept(code);
    }));
  }

  @Override
  public List<ServiceSummary> value() {
    Instant now = timekeeper.now();
    if (nextExpiry.isPresent() && !now.isBefore(nextExpiry.get())) {
      changed.addAll(table.services());
    }
    List<ServiceSummary> summaries = table.summaries(changed, now);
    changed.clear();
    nextExpiry = table.nextExpiry(now);
    return summaries;
  }

  /** Returns the time at which the next rule of an operator expires. */
  @Override
  public Optional<Instant> nextChange() {
    return nextExpiry;
  }

  @Override
  public void clear() {
    table.clear();
    changed.clear();
    invalid = new CatalogInvalidations();
    reading = null;
    broken = 0;
    nextExpiry = Optional.empty();
  }
}
