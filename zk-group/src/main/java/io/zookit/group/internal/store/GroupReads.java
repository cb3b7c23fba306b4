package io.zookit.group.internal.store;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads of many nodes of a group, in one session. On the loop. */
public final class GroupReads {

  private static final Logger log = LoggerFactory.getLogger(GroupReads.class);

  private final GroupNodes nodes;
  private final SessionHandle handle;

  /** Creates reads of a session. */
  public GroupReads(GroupNodes nodes, SessionHandle handle) {
    this.nodes = nodes;
    this.handle = handle;
  }

  /**
   * Reads all members.
   *
   * @param reply receives those whose records can be read, or the refusal
   */
  public void members(Consumer<Answer<List<MemberNode>>> reply) {
    handle.list(nodes.members(), listed -> {
      if (!listed.isOk()) {
        reply.accept(new Answer<>(listed.code(), null, listed.sent()));
        return;
      }
      members(listed.get(), reply);
    });
  }

  /**
   * Reads members.
   *
   * @param keys the names of their nodes
   * @param reply receives those that exist and whose records can be read, or a refusal
   */
  public void members(List<String> keys, Consumer<Answer<List<MemberNode>>> reply) {
    List<String> paths = keys.stream().map(key -> nodes.member(key).value()).toList();
    Multi.readNodes(handle, paths, answers -> {
      List<MemberNode> members = new ArrayList<>();
      for (int i = 0; i < keys.size(); i++) {
        Answer<SessionHandle.Node> answer = answers.get(i);
        if (answer.isOk()) {
          decode(keys.get(i), answer.get()).ifPresent(members::add);
        } else if (answer.code() != Code.NONODE) {
          reply.accept(new Answer<>(answer.code(), null, answer.sent()));
          return;
        }
      }
      reply.accept(Answer.ok(members));
    });
  }

  private Optional<MemberNode> decode(String key, SessionHandle.Node read) {
    int at = key.lastIndexOf('@');
    if (at > 0
        && MemberRecord.CODEC.decode(read.data()) instanceof Decoded.Value<MemberRecord> value) {
      return Optional.of(new MemberNode(
          key.substring(0, at), key.substring(at + 1), read.stat().getCzxid(), value.value()));
    }
    log.warn("{}: the record of member {} cannot be read; it gets no partitions", nodes, key);
    return Optional.empty();
  }

  /**
   * Reads claims of one bucket.
   *
   * @param partitions their names, as they were listed
   * @param reply receives those that still exist, or a refusal
   */
  public void claims(
      SpecRecord spec,
      int bucket,
      List<String> partitions,
      Consumer<Answer<List<HeldClaim>>> reply) {
    List<String> paths = partitions.stream()
        .map(partition -> nodes.bucket(spec, bucket).own(partition).value())
        .toList();
    Multi.readNodes(handle, paths, answers -> {
      List<HeldClaim> claims = new ArrayList<>();
      for (int i = 0; i < paths.size(); i++) {
        Answer<SessionHandle.Node> answer = answers.get(i);
        if (answer.isOk()) {
          partitionOf(spec, partitions.get(i))
              .ifPresent(partition -> claims.add(new HeldClaim(
                  partition,
                  PartitionOwnerRecord.memberOf(answer.get().data()),
                  answer.get().stat().getCzxid())));
        } else if (answer.code() != Code.NONODE) {
          reply.accept(new Answer<>(answer.code(), null, answer.sent()));
          return;
        }
      }
      reply.accept(Answer.ok(claims));
    });
  }

  /** The moves by operators; none if they cannot be decoded. */
  public PinsRecord pins(byte[] data) {
    if (PinsRecord.CODEC.decode(data) instanceof Decoded.Value<PinsRecord> value) {
      return value.value();
    }
    log.warn("{}: the moves by operators cannot be read; they have no effect", nodes);
    return PinsRecord.NONE;
  }

  /** The index that the name of a claim is; empty for a node that was created by another program. */
  public static Optional<Integer> partitionOf(SpecRecord spec, String name) {
    if (name.isEmpty() || name.length() > 5 || !name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    int partition = Integer.parseInt(name);
    return partition < spec.count() ? Optional.of(partition) : Optional.empty();
  }

  /**
   * Reads the record of the partitions.
   *
   * @param reply receives it, {@code NONODE}, {@code MARSHALLINGERROR} if it cannot be decoded, or a refusal
   */
  public void spec(Consumer<Answer<SeenSpec>> reply) {
    handle.getData(nodes.spec(), null, read -> {
      if (!read.isOk()) {
        reply.accept(new Answer<>(read.code(), null, read.sent()));
      } else if (SpecRecord.CODEC.decode(read.get().data())
          instanceof Decoded.Value<SpecRecord> value) {
        reply.accept(Answer.ok(new SeenSpec(value.value(), read.get().stat().getVersion())));
      } else {
        log.warn("{}: the record of its partitions cannot be read; nothing is planned", nodes);
        reply.accept(Answer.of(Code.MARSHALLINGERROR));
      }
    });
  }
}
