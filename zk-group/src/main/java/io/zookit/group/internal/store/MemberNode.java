package io.zookit.group.internal.store;

/**
 * The node of a member as it was read.
 *
 * @param id unique among the members that take part
 * @param nonce random for each session
 * @param czxid creation transaction of the node; the least one is the planner's
 */
public record MemberNode(String id, String nonce, long czxid, MemberRecord record) {

  /** The name of the node, which claims carry. */
  public String key() {
    return keyOf(id, nonce);
  }

  /** The name of a member's node. */
  public static String keyOf(String id, String nonce) {
    return id + "@" + nonce;
  }

  /** The id in the name of a member's node, or in a claim. */
  public static String idOf(String key) {
    int at = key.lastIndexOf('@');
    return at < 0 ? key : key.substring(0, at);
  }

  /** Tells if the node was created before a transaction. */
  public boolean isOlderThan(long transaction) {
    return Long.compareUnsigned(czxid, transaction) < 0;
  }

  /** The creation transaction of the first node of this nonce: of several nodes of one id the greatest one counts. */
  public long born() {
    Long first = record.born();
    return first == null ? czxid : first;
  }
}
