package io.zookit.testkit.internal.server;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.apache.zookeeper.client.FourLetterWordMain;
import org.apache.zookeeper.common.X509Exception.SSLContextException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The mode that a server reports. */
public enum ServerMode {
  STANDALONE,
  LEADER,
  FOLLOWER,
  OBSERVER;

  private static final Logger LOG = LoggerFactory.getLogger(ServerMode.class);
  private static final int TIMEOUT_MILLIS = 1_000;

  /** Returns whether it decides alone or for others. */
  public boolean leads() {
    return this == STANDALONE || this == LEADER;
  }

  /** Asks; empty when the server is down, silent or not serving. */
  public static Optional<ServerMode> at(int port) {
    try {
      String answer =
          FourLetterWordMain.send4LetterWord("127.0.0.1", port, "srvr", false, TIMEOUT_MILLIS);
      for (ServerMode mode : values()) {
        if (answer.contains("Mode: " + mode.name().toLowerCase(Locale.ROOT))) {
          return Optional.of(mode);
        }
      }
      return Optional.empty();
    } catch (IOException | SSLContextException e) {
      LOG.debug("server at port {} does not answer", port, e);
      return Optional.empty();
    }
  }
}
