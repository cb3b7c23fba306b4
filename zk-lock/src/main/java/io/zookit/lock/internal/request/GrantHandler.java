package io.zookit.lock.internal.request;

/** Creates the lease of a granted request: what a recipe decides about a request. Called on the loop. */
@FunctionalInterface
public interface GrantHandler {

  /** Creates the lease of a grant. It is installed in the request, which notifies it of losses, by the caller. */
  LeaseHandle onGranted(LockGrant grant);

  /** The request waits behind that many others. */
  default void onQueued(int ahead) {}
}
