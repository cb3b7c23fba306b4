package io.zookit.registry;

/** Why a {@link ServiceView} changed. */
public enum ChangeCause {
  /** An instance was registered that was not there before. */
  REGISTERED,
  /** An instance changed what it says of itself. */
  UPDATED,
  /** An instance was registered anew under the same id: a new session, a restart, or another process. */
  REPLACED,
  /** An instance ended on purpose: it had said so before. */
  LEFT,
  /** An instance's node is gone without a goodbye: its session ended, or somebody deleted it. */
  VANISHED,
  /** An instance that vanished is shown again, because too few are left without it. */
  RECALLED
}
