package io.zookit.core.internal.client;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The default label of a process: {@code host:pid}. */
final class ProcessLabel {

  private ProcessLabel() {}

  static String ofThisProcess() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "localhost"; // a machine that does not know its own name still has processes
    }
    String label = host + ":" + ProcessHandle.current().pid();
    return label.length() > ClientSettings.MAX_LABEL
        ? label.substring(label.length() - ClientSettings.MAX_LABEL)
        : label;
  }
}
