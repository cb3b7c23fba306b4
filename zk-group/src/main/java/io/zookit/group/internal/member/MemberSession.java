package io.zookit.group.internal.member;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.MemberRecord;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.CreateOptions;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node of a member in one session, with a nonce of its own.
 *
 * <p>Its record changes by a delete and a create in one transaction, which the watch on the folder reports, and which gives it
 * the last place in the order of the members.
 *
 * <p><i>Threads:</i> on the loop.
 */
final class MemberSession {

  private static final Logger log = LoggerFactory.getLogger(MemberSession.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] NOTHING = {};
  static final Backoff RETRIES = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

  private final MemberLife member;
  private final CoreClient client;
  private final GroupNodes nodes;
  private final SessionHandle handle;
  private final String nonce;
  private final ZkPath path;
  private final Scope scope;
  private final PlannerCandidacy candidacy;
  private boolean busy;
  private boolean again;
  private boolean exists;
  private boolean uncertain;
  private byte[] written = NOTHING;
  private long czxid;
  private long born;
  private int failures;

  MemberSession(MemberLife member, SessionHandle handle, Scope scope) {
    byte[] bytes = new byte[8];
    RANDOM.nextBytes(bytes);
    this.member = member;
    this.nodes = member.nodes();
    this.client = nodes.client();
    this.handle = handle;
    this.nonce = HexFormat.of().formatHex(bytes);
    this.path = nodes.member(member.key(nonce));
    this.scope = scope;
    this.candidacy = new PlannerCandidacy(member, this, scope);
  }

  SessionHandle handle() {
    return handle;
  }

  String nonce() {
    return nonce;
  }

  ZkPath path() {
    return path;
  }

  /** Tells if the node is known to exist. */
  boolean exists() {
    return exists;
  }

  /** The creation transaction of the node as it is now. */
  long czxid() {
    return czxid;
  }

  /** The creation transaction of the first node; 0 before that. */
  long born() {
    return born;
  }

  PlannerCandidacy candidacy() {
    return candidacy;
  }

  /** Writes the record if it is not the one in the node. */
  void announce() {
    if (busy) {
      again = true;
    } else if (handle.isConnected() && uncertain) {
      verify();
    } else if (handle.isConnected()) {
      byte[] data = MemberRecord.CODEC.encode(member.record(born));
      if (!exists) {
        create(data);
      } else if (!Arrays.equals(data, written)) {
        replace(data);
      }
    }
  }

  /** Writes the record even if it is the one in the node, which gives it the last place. */
  void takeLastPlace() {
    candidacy.standDown();
    written = NOTHING;
    announce();
  }

  private void create(byte[] data) {
    busy = true;
    CreateWithParents.create(
        handle,
        nodes.memberFolders(),
        path,
        data,
        client.acl(path),
        CreateMode.EPHEMERAL,
        scope.wrap((Answer<SessionHandle.Created> answer) -> {
          if (answer.isOk()) {
            onWritten(data, answer.get().stat().getCzxid());
          } else {
            onNotWritten(answer);
          }
        }));
  }

  private void replace(byte[] data) {
    busy = true;
    candidacy.standDown();
    List<Op> ops = List.of(
        Op.delete(path.value(), -1),
        Op.create(
            path.value(),
            data,
            CreateOptions.newBuilder(client.acl(path), CreateMode.EPHEMERAL).build()));
    handle.multi(ops, scope.wrap((Answer<List<OpResult>> answer) -> {
      if (answer.isOk()) {
        onWritten(data, Multi.statAt(1, answer).getCzxid());
      } else {
        onNotWritten(answer);
      }
    }));
  }

  private void onWritten(byte[] data, long transaction) {
    busy = false;
    failures = 0;
    exists = true;
    uncertain = false;
    written = data;
    czxid = transaction;
    if (born == 0) {
      born = transaction;
    }
    member.onNodeExists(this);
    candidacy.standDown();
    candidacy.elect();
    if (again) {
      again = false;
      announce();
    }
  }

  private void onNotWritten(Answer<?> answer) {
    busy = false;
    again = false;
    uncertain = true;
    if (answer.isAnswered()) {
      log.warn("{}: its node cannot be written ({}); it is tried again", member, answer.code());
    }
    scope.after(RETRIES.delay(failures++, client.random()), this::announce);
  }

  /** Reads the own node: an answer was lost, or another program may have deleted it. */
  void verify() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    handle.sync(path, synced -> {});
    handle.getData(path, null, scope.wrap((Answer<SessionHandle.Node> read) -> {
      busy = false;
      if (read.isOk() && handle.owns(read.get().stat())) {
        onWritten(read.get().data(), read.get().stat().getCzxid());
        announce();
      } else if (read.code() == Code.NONODE) {
        uncertain = false;
        exists = false;
        announce();
      } else {
        onNotWritten(read);
      }
    }));
  }

  void end() {
    candidacy.standDown();
    scope.close();
  }
}
