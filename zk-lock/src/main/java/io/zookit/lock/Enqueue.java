package io.zookit.lock;

import io.zookit.core.ZkException;
import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.request.Failures;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/**
 * Gets a request its places: one node in each queue, all by one transaction, so that all queues order any two requests
 * alike. Bound to one session; lives on the loop.
 *
 * <pre>
 *   CREATING ──OK──► PLACED
 *     ▲    │ no answer  ▲
 *     │    ▼            │
 *     └─ ASKING ── made ┘
 *     not made
 * </pre>
 *
 * <p>The listings of all queues go out behind the create, in the same flight; the session's requests are served in
 * order, so they show the own nodes. When the answer to the create is lost, what the session owns tells whether it was
 * made: the name begins with one that no other request ever has.
 */
final class Enqueue {

  /** Hears the outcome, on the loop. */
  interface Listener {

    /**
     * The request stands in its queues.
     *
     * @param listing whether {@link #onListed} follows for each
     */
    void onPlaced(List<Place> places, boolean listing);

    /** How a queue looked right behind the create. */
    void onListed(int claim, Answer<List<String>> names);

    /** Nothing was sent; to be begun again when the session is connected. */
    void onUnsent();

    /** The answer was lost; the outcome comes with {@link Enqueue#onVerified}. */
    void onUnknown();

    /** It cannot be done. */
    void onFailed(ZkException reason);
  }

  private static final int MOST_REMOVALS = 100;

  private enum Phase {
    CREATING,
    ASKING,
    PLACED,
    ENDED
  }

  private final LockEngine engine;
  private final SessionHandle handle;
  private final List<Claim> claims;
  private final byte[] data;
  private final Listener listener;
  private final String name;
  private Phase phase = Phase.CREATING;
  private int withoutFolders;

  private Enqueue(
      LockEngine engine, SessionHandle handle, List<Claim> claims, byte[] data, Listener listener) {
    this.engine = engine;
    this.handle = handle;
    this.claims = claims;
    this.data = data;
    this.listener = listener;
    this.name = engine.nextAttemptName();
  }

  /** An enqueue of which nothing is sent yet; its listener hears nothing before {@link #send}. */
  static Enqueue prepare(
      LockEngine engine, SessionHandle handle, List<Claim> claims, byte[] data, Listener listener) {
    return new Enqueue(engine, handle, claims, data, listener);
  }

  SessionHandle handle() {
    return handle;
  }

  /** Told of the nodes this session owns, after a reconnect. */
  void onVerified(Set<ZkPath> mine) {
    if (phase != Phase.ASKING) {
      return;
    }
    List<ZkPath> made = new ArrayList<>();
    for (Claim claim : claims) {
      mine.stream().filter(node -> isOf(claim, node)).findFirst().ifPresent(made::add);
    }
    if (made.size() < claims.size()) {
      again(made);
    } else {
      handle.exists(made.get(0), null, read -> {
        if (phase == Phase.ASKING && read.isOk()) {
          toPlaced(made, read.get().getCzxid(), false);
        } else if (phase == Phase.ASKING && read.isAnswered()) {
          again(made);
        }
      });
    }
  }

  /** Gives up; whatever was or will be made is deleted. */
  void close() {
    if (phase == Phase.ASKING) {
      removeIfMade();
    }
    phase = Phase.ENDED;
  }

  /** Somebody has removed some of the nodes, or all; the others go before new ones are made. */
  private void again(List<ZkPath> left) {
    left.forEach(node -> engine.remove(handle, node));
    again();
  }

  /** Nothing stands under the name any more, so the name may be used again. */
  private void again() {
    phase = Phase.CREATING;
    send();
  }

  /** Sends the create and the listings. */
  void send() {
    if (claims.size() == 1) {
      sendOne(claims.get(0));
    } else {
      sendAll();
    }
  }

  private void sendOne(Claim claim) {
    ZkPath asked = asked(claim);
    handle.create(
        asked,
        data,
        engine.client().acl(asked),
        CreateMode.EPHEMERAL_SEQUENTIAL,
        made -> onMade(
            made.code(),
            made.sent(),
            made.isOk() ? List.of(made.get().path()) : List.of(),
            made.isOk() ? made.get().stat().getCzxid() : 0));
    handle.list(claim.queue().path(), listed -> tellListed(0, listed));
  }

  /**
   * One multi makes all nodes. Its results hold no stats on every supported server, so a write to the first folder, which
   * nobody watches, brings the number of the transaction.
   */
  private void sendAll() {
    List<Op> creates = new ArrayList<>();
    List<Op> lists = new ArrayList<>();
    for (Claim claim : claims) {
      ZkPath asked = asked(claim);
      creates.add(Op.create(
          asked.value(), data, engine.client().acl(asked), CreateMode.EPHEMERAL_SEQUENTIAL));
      lists.add(Op.getChildren(claim.queue().path().value()));
    }
    creates.add(Op.setData(claims.get(0).queue().path().value(), new byte[0], -1));
    handle.multi(creates, this::onMultiMade);
    handle.multi(lists, this::onMultiListed);
  }

  private void onMultiMade(Answer<List<OpResult>> made) {
    List<ZkPath> nodes = new ArrayList<>();
    long zxid = 0;
    if (made.isOk()) {
      for (OpResult result : made.get()) {
        if (result instanceof OpResult.CreateResult created) {
          nodes.add(new ZkPath(created.getPath()));
        } else if (result instanceof OpResult.SetDataResult set) {
          zxid = set.getStat().getMzxid();
        }
      }
    }
    onMade(made.code(), made.sent(), nodes, zxid);
  }

  /** A read of many has a result for each, also when some could not be read. */
  private void onMultiListed(Answer<List<OpResult>> listed) {
    List<OpResult> results = listed.value();
    for (int i = 0; i < claims.size(); i++) {
      if (results == null || results.size() <= i) {
        tellListed(i, new Answer<>(listed.code(), null, listed.sent()));
      } else if (results.get(i) instanceof OpResult.GetChildrenResult names) {
        tellListed(i, Answer.ok(names.getChildren()));
      } else if (results.get(i) instanceof OpResult.ErrorResult error) {
        tellListed(i, Answer.of(Code.get(error.getErr())));
      }
    }
  }

  private void onMade(Code code, boolean sent, List<ZkPath> nodes, long zxid) {
    boolean answered = new Answer<>(code, null, sent).isAnswered();
    if (phase == Phase.ENDED) {
      nodes.forEach(node -> engine.remove(handle, node));
      if (!answered && sent) {
        removeIfMade();
      }
    } else if (code == Code.OK) {
      toPlaced(nodes, zxid, true);
    } else if (code == Code.NONODE) {
      makeFolders();
    } else if (!answered && sent) {
      phase = Phase.ASKING;
      listener.onUnknown();
    } else if (!answered) {
      phase = Phase.ENDED;
      listener.onUnsent();
    } else {
      fail(Failures.of(code, claims.get(0).queue().path()));
    }
  }

  /** Folders may be removed between any two of our requests; that is why this is not tried only once. */
  private void makeFolders() {
    int tries = ++withoutFolders;
    for (Claim claim : claims) {
      claim.queue().folders().ensure(handle, ready -> {
        boolean removed = ready.isOk() || ready.code() == Code.NONODE;
        if (phase == Phase.CREATING
            && ready.isAnswered()
            && tries > (removed ? MOST_REMOVALS : 1)) {
          fail(Failures.of(ready.code(), claim.queue().path()));
        }
      });
    }
    again();
  }

  /** A listing says something only behind a create that was answered. */
  private void tellListed(int claim, Answer<List<String>> listed) {
    if (phase == Phase.PLACED) {
      listener.onListed(claim, listed);
    }
  }

  private void toPlaced(List<ZkPath> nodes, long zxid, boolean listing) {
    phase = Phase.PLACED;
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < claims.size(); i++) {
      ZkPath node = nodes.get(i);
      QueueEntry entry = QueueEntry.parse(node.name())
          .orElseThrow(
              () -> new IllegalStateException(node + ": a node of ours outside the grammar"));
      places.add(new Place(claims.get(i), handle, node, entry, zxid));
    }
    Optional<Place> unordered =
        places.stream().filter(place -> !place.entry().isOrdered()).findFirst();
    if (unordered.isPresent()) {
      nodes.forEach(node -> engine.remove(handle, node));
      listener.onFailed(new ZkException(unordered.get().queue() + ": sequence numbers are used up ("
          + unordered.get().entry().sequence()
          + "); they start again when the queue was empty once"));
    } else {
      listener.onPlaced(places, listing);
    }
  }

  private void fail(ZkException reason) {
    phase = Phase.ENDED;
    listener.onFailed(reason);
  }

  private ZkPath asked(Claim claim) {
    return claim.queue().path().own(claim.prefix(name));
  }

  private boolean isOf(Claim claim, ZkPath node) {
    return node.parent().equals(claim.queue().path()) && node.name().startsWith(claim.prefix(name));
  }

  private void removeIfMade() {
    claims.forEach(claim -> engine.removeIfMade(handle, claim.queue().path(), claim.prefix(name)));
  }
}
