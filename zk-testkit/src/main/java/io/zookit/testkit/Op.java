package io.zookit.testkit;

import java.util.HashMap;
import java.util.Map;

/** A kind of request of a ZooKeeper client, by the number in its packets. */
public enum Op {
  /** Any request; pings and the opening of a connection are none. */
  ANY,
  /** The first packet of a connection, which opens or continues a session. */
  CONNECT,
  /** Creates a node and returns its path. */
  CREATE(1),
  /** Deletes a node. */
  DELETE(2),
  /** Asks whether a node exists. */
  EXISTS(3),
  /** Reads a node. */
  GET_DATA(4),
  /** Writes a node. */
  SET_DATA(5),
  /** Reads an access list. */
  GET_ACL(6),
  /** Writes an access list. */
  SET_ACL(7),
  /** Lists children. */
  GET_CHILDREN(8),
  /** Waits for the server to catch up with its leader. */
  SYNC(9),
  /** Keeps a session alive. */
  PING(11),
  /** Lists children and returns the node's numbers. */
  GET_CHILDREN2(12),
  /** Checks a version, alone. */
  CHECK(13),
  /** Several writes at once. */
  MULTI(14),
  /** Creates a node and returns its path and numbers. */
  CREATE2(15),
  /** Changes the ensemble. */
  RECONFIG(16),
  /** Asks whether a watch is set. */
  CHECK_WATCHES(17),
  /** Takes watches back. */
  REMOVE_WATCHES(18),
  /** Creates a container node. */
  CREATE_CONTAINER(19),
  /** Deletes a container node; servers do that. */
  DELETE_CONTAINER(20),
  /** Creates a node with a time to live. */
  CREATE_TTL(21),
  /** Several reads at once. */
  MULTI_READ(22),
  /** Adds an identity to a connection. */
  AUTH(100),
  /** Sets watches again after a reconnect. */
  SET_WATCHES(101),
  /** A step of a SASL exchange. */
  SASL(102),
  /** Lists the ephemeral nodes of a session. */
  GET_EPHEMERALS(103),
  /** Counts all nodes below one. */
  GET_ALL_CHILDREN_NUMBER(104),
  /** Sets watches again after a reconnect, persistent ones too. */
  SET_WATCHES2(105),
  /** Adds a persistent watch. */
  ADD_WATCH(106),
  /** Asks for the identities of a connection. */
  WHO_AM_I(107),
  /** Ends a session. */
  CLOSE_SESSION(-11),
  /** A request with a number that is not listed here. */
  OTHER;

  private static final int NONE = Integer.MIN_VALUE;
  private static final Map<Integer, Op> BY_CODE = new HashMap<>();

  static {
    for (Op op : values()) {
      if (op.code != NONE) {
        BY_CODE.put(op.code, op);
      }
    }
  }

  private final int code;

  Op() {
    this(NONE);
  }

  Op(int code) {
    this.code = code;
  }

  /** Returns the kind of a request with that code of the protocol; {@link #OTHER} if it is none of these. */
  public static Op ofCode(int code) {
    return BY_CODE.getOrDefault(code, OTHER);
  }

  /** Returns whether it counts as a request. */
  public boolean isRequest() {
    return this != CONNECT && this != PING && this != ANY;
  }

  /** Returns whether a request of another kind is one of these. */
  public boolean covers(Op other) {
    return this == ANY ? other.isRequest() : this == other;
  }
}
