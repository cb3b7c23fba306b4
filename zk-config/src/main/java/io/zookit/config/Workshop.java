package io.zookit.config;

import io.zookit.core.internal.access.AccessLists;
import io.zookit.core.internal.client.CoreClient;
import java.time.Instant;
import java.util.function.Supplier;

/** The working parts of all stores of one client with equal settings, put together once. */
final class Workshop {

  private final ConfigReader reader;
  private final AccessLists access;
  private final CallerIdentity caller;
  private final Transitions transitions;
  private final KeyRing keys;
  private final Sealer sealer;
  private final Checks checks;
  private final Publishing publishing;
  private final GrayDesk grays;
  private final Voting voting;
  private final NamespaceDesk namespaces;
  private final Retention retention;
  private final Supplier<Instant> clock;

  Workshop(CoreClient client, StoreSettings settings) {
    clock = client.timekeeper()::now;
    access = client.accessLists();
    Wire wire = new Wire(client, settings.patience());
    reader = new ConfigReader(wire, new ConfigTree(client.rootPath()), clock);
    caller = new CallerIdentity(client, wire);
    transitions = new Transitions(client, reader, access, new ApprovalGate(reader, caller));
    keys = new KeyRing(reader, transitions, access, clock, settings.keys());
    sealer = new Sealer(keys);
    checks = new Checks(sealer, settings.records(), settings.validators(), settings.strict());
    ReleaseMaker maker =
        new ReleaseMaker(reader, transitions, new Blobs(reader, transitions, access), clock);
    publishing = new Publishing(reader, transitions, maker, sealer, checks, this::drafts, clock);
    grays = new GrayDesk(reader, transitions, maker, publishing, clock);
    voting = new Voting(reader, transitions, maker, publishing, clock);
    namespaces = new NamespaceDesk(reader, transitions, clock);
    retention = new Retention(reader, transitions, clock);
  }

  ConfigReader reader() {
    return reader;
  }

  AccessLists access() {
    return access;
  }

  CallerIdentity caller() {
    return caller;
  }

  DraftDesk drafts(Namespace ns) {
    return new DraftDesk(ns, reader, access, sealer, transitions, caller, clock);
  }

  Transitions transitions() {
    return transitions;
  }

  KeyRing keys() {
    return keys;
  }

  Sealer sealer() {
    return sealer;
  }

  Checks checks() {
    return checks;
  }

  Publishing publishing() {
    return publishing;
  }

  GrayDesk grays() {
    return grays;
  }

  Voting voting() {
    return voting;
  }

  NamespaceDesk namespaces() {
    return namespaces;
  }

  Retention retention() {
    return retention;
  }

  Supplier<Instant> clock() {
    return clock;
  }
}
