package io.zookit.testkit.internal.proxy;

import io.zookit.testkit.Op;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Present effects of a proxy on traffic. Confined to the proxy's thread. */
public final class ProxyRules {

  private final List<ArmedFault> armed = new ArrayList<>();
  private long requestDelay;
  private long replyDelay;
  private boolean silent;
  private boolean refusing;

  public boolean isSilent() {
    return silent;
  }

  public boolean isRefusing() {
    return refusing;
  }

  public long requestDelay() {
    return requestDelay;
  }

  public long replyDelay() {
    return replyDelay;
  }

  public void silence() {
    silent = true;
  }

  public void refuse() {
    refusing = true;
  }

  public void delayRequests(long nanos) {
    requestDelay = nanos;
  }

  public void delayReplies(long nanos) {
    replyDelay = nanos;
  }

  public void arm(ArmedFault fault) {
    armed.add(fault);
  }

  public void disarm(ArmedFault fault) {
    armed.remove(fault);
  }

  public void heal() {
    armed.clear();
    requestDelay = 0;
    replyDelay = 0;
    silent = false;
    refusing = false;
  }

  /** Shows a request to every armed fault; the first that waited for it is the one that happens. */
  @Nullable
  public ArmedFault meet(Op request) {
    ArmedFault first = null;
    for (ArmedFault fault : armed) {
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
