package io.zookit.core.internal.client;

import io.zookit.core.internal.audit.AuditWriter;

/** Binds the writer of the audit to a client, which has one. */
final class AuditEngine implements Engine {

  private final AuditWriter writer;

  AuditEngine(CoreClient client) {
    this.writer = new AuditWriter(client, client::queryIdentities);
  }

  AuditWriter writer() {
    return writer;
  }

  @Override
  public void start() {
    // nothing to listen to
  }

  @Override
  public void close() {
    // what is under way is answered by the session
  }
}
