package io.zookit.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Present effects of a proxy on traffic. Confined to the proxy's thread. */
final class ProxyRules {

  private final List<Fault> armed = new ArrayList<>();
  private long requestDelay;
  private long replyDelay;
  private boolean silent;
  private boolean refusing;

  boolean isSilent() {
    return silent;
  }

  boolean isRefusing() {
    return refusing;
  }

  long requestDelay() {
    return requestDelay;
  }

  long replyDelay() {
    return replyDelay;
  }

  void silence() {
    silent = true;
  }

  void refuse() {
    refusing = true;
  }

  void delayRequests(long nanos) {
    requestDelay = nanos;
  }

  void delayReplies(long nanos) {
    replyDelay = nanos;
  }

  void arm(Fault fault) {
    armed.add(fault);
  }

  void disarm(Fault fault) {
    armed.remove(fault);
  }

  void heal() {
    armed.clear();
    requestDelay = 0;
    replyDelay = 0;
    silent = false;
    refusing = false;
  }

  /** Shows a request to every armed fault; the first that waited for it is the one that happens. */
  @Nullable
  Fault meet(Op request) {
    Fault first = null;
    for (Fault fault : armed) {
      if (!fault.meets(request)) {
        continue;
      }
      if (first == null) {
        first = fault;
      } else {
        fault.waitForNext();
      }
    }
    if (first != null) {
      armed.remove(first);
    }
    return first;
  }
}
