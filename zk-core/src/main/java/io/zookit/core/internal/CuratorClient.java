package io.zookit.core.internal;

import io.zookit.core.ZkClient;

/** Being written. */
@SuppressWarnings("DoNotCallSuggester")
public final class CuratorClient {

  private CuratorClient() {}

  /** Being written. */
  public static ZkClient connect(ClientSettings settings) {
    throw new UnsupportedOperationException(settings.root().value());
  }

  /** Being written. */
  public static ZkClient start(ClientSettings settings) {
    throw new UnsupportedOperationException(settings.root().value());
  }
}
