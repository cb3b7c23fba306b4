package io.zookit.registry;

/** Reasons for changes of a {@link ServiceView}. */
public enum ChangeCause {
  /** An instance was registered whose id was not. */
  REGISTERED,
  /** An instance changed its data. */
  UPDATED,
  /** An instance was registered again under the same id: a new session, a restart, or another process. */
  REPLACED,
  /** An instance ended on purpose: it had said so before. */
  LEFT,
  /** An instance's node is gone without a goodbye: its session ended, or it was deleted. */
  VANISHED,
  /** An instance that vanished is shown again, because too few are left without it. */
  RECALLED
}
