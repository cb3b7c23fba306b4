package io.zookit.lock.internal.request;

/** Creates the lease of a granted request: what a recipe decides about a request. Called on the loop. */
@FunctionalInterface
public interface GrantHandler {

  /** Creates the lease of a grant. It is installed in the request, which notifies it of losses, by the caller. */
  LeaseHandle onGranted(LockGrant grant);

  /**
   * Returns whether a request of the same session may be granted as soon as the lease is closed, before the server has
   * deleted its node. Not if the lease writes something when it ends, or if its grant reads something.
   */
  default boolean allowsSuccession() {
    return true;
  }

  /** The request waits behind that many others. */
  default void onQueued(int ahead) {}
}
