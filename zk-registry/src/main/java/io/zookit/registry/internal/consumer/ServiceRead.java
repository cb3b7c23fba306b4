package io.zookit.registry.internal.consumer;

import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.internal.store.NodeRef;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.zookeeper.data.Stat;

/**
 * Result of a complete read of a service, or of the parts of it that may have changed. Immutable.
 *
 * @param asked what was to be read, and what was deleted
 * @param policy the data of the policy, if it was read; empty data if the service has none
 * @param listings the names in each bucket that was listed; none for one that does not exist
 * @param tooLong the buckets that hold too many nodes to be listed
 * @param oversized the nodes that hold more than an instance may
 * @param answers to the reads of the other nodes
 * @param missing the nodes that are listed, were not seen deleted, and still cannot be found: to be read again, later.
 *     Of a bucket that cannot be listed there are none, because nothing would ever settle them
 */
record ServiceRead(
    Invalidations asked,
    Optional<byte[]> policy,
    Map<String, Set<String>> listings,
    Set<String> tooLong,
    Map<NodeRef, Stat> oversized,
    Map<NodeRef, Answer<Node>> answers,
    Set<NodeRef> missing)
    implements ReadOutcome {}
