package io.zookit.core.internal.audit;

import io.zookit.core.AuthenticatedIdentity;
import io.zookit.core.internal.audit.AuditAppend.SeenDay;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.node.NodeSpace;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits changes together with their audit entries: either both exist or none.
 *
 * <pre>
 *   set(audit/day, version) create(audit/day/n)      behind the operations of the change, in its transaction
 * </pre>
 *
 * <p>The node of the day holds the number and the hash of the last entry, and is replaced in the version in which it was
 * read; so numbers have no gap, and each entry has the hash of the one before. Of two clients that append at a time one is
 * refused; it reads the day again and sends the whole transaction again, at most {@value #MOST_TRIES} times, with a growing
 * delay. The changes of one client are committed one after another, and remember the day, so they neither refuse each other nor
 * read it again.
 *
 * <p>A transaction that is not answered is not sent again: the caller decides, as it did before, and what it sees afterwards
 * has its entry or has not happened.
 *
 * <p>Where the folder does not exist and this client may not create it (a root of an earlier version, until an admin makes a
 * change or applies the access policy), or where the node of the day is damaged, the change is made without an entry, with a
 * warning. Where the folder exists and this client may not write, the change is refused.
 *
 * <p><i>Threads:</i> on the loop.
 *
 * <p><i>Cost:</i> no request of its own while no other client appends; one or two reads at first and after a refusal.
 */
public final class AuditWriter {

  private static final Logger log = LoggerFactory.getLogger(AuditWriter.class);
  private static final int MOST_TRIES = 16;
  private static final Backoff DELAYS = new Backoff(Duration.ofMillis(5), Duration.ofMillis(300));

  private final NodeSpace space;
  private final AuditPaths paths;
  private final Supplier<CompletableFuture<Optional<List<AuthenticatedIdentity>>>> query;
  private final Deque<AuditedCommit> waiting = new ArrayDeque<>();
  private volatile String author = System.getProperty("user.name", "unknown");
  private boolean busy;
  private @Nullable List<String> identities;
  private @Nullable SeenDay seen;

  /** Creates the writer of a client; {@code query} asks the servers for the identities of its connection. */
  public AuditWriter(
      NodeSpace space, Supplier<CompletableFuture<Optional<List<AuthenticatedIdentity>>>> query) {
    this.space = space;
    this.paths = new AuditPaths(space.rootPath());
    this.query = query;
  }

  /** Names the author of the changes from now on. From any thread. */
  public void signAs(String name) {
    author = name;
  }

  /** The folder of the audit below a root. */
  public static ZkPath folder(ZkPath root) {
    return new AuditPaths(root).folder();
  }

  /**
   * Commits a change with its entry.
   *
   * @param ops of the change; none if only the entry is written, such as that something was read
   * @param reply receives an answer like that of the change alone, with the results of its operations. {@code BADVERSION}
   *     without results if other clients appended all the time: nothing was changed, and the change can be tried again
   */
  public void commit(
      SessionHandle handle,
      AuditedChange change,
      List<Op> ops,
      Consumer<Answer<List<OpResult>>> reply) {
    commit(handle, change, ops, space::acl, reply);
  }

  /** Commits a change with its entry, whose nodes get other access lists than those of the policy in force. */
  public void commit(
      SessionHandle handle,
      AuditedChange change,
      List<Op> ops,
      Function<ZkPath, List<ACL>> lists,
      Consumer<Answer<List<OpResult>>> reply) {
    waiting.addLast(new AuditedCommit(handle, change, ops, lists, reply));
    next();
  }

  private void next() {
    AuditedCommit commit = busy ? null : waiting.pollFirst();
    if (commit != null) {
      busy = true;
      if (identities == null) {
        identify(commit);
      } else {
        commit.begin();
      }
    }
  }

  /** The credentials of a client do not change, so their identities are queried once. */
  private void identify(AuditedCommit commit) {
    query
        .get()
        .whenComplete((found, failure) -> space.loop().execute(() -> {
          if (failure != null || found.isEmpty()) {
            commit.end(Answer.notSent());
          } else {
            identities =
                found.get().stream().map(AuthenticatedIdentity::toString).toList();
            commit.begin();
          }
        }));
  }

  /** One change, until it is answered. */
  private final class AuditedCommit {

    private final SessionHandle handle;
    private final AuditedChange change;
    private final List<Op> ops;
    private final Function<ZkPath, List<ACL>> lists;
    private final Consumer<Answer<List<OpResult>>> reply;
    private int tries;

    AuditedCommit(
        SessionHandle handle,
        AuditedChange change,
        List<Op> ops,
        Function<ZkPath, List<ACL>> lists,
        Consumer<Answer<List<OpResult>>> reply) {
      this.handle = handle;
      this.change = change;
      this.ops = List.copyOf(ops);
      this.lists = lists;
      this.reply = reply;
    }

    void begin() {
      String today = AuditPaths.dayOf(space.timekeeper().now());
      SeenDay known = seen;
      if (known != null && known.day().equals(today)) {
        send(known);
      } else {
        read(today);
      }
    }

    private void read(String day) {
      handle.sync(paths.folder(), synced -> {});
      handle.getData(paths.day(day), null, read -> {
        if (read.code() == Code.NONODE) {
          readBefore(day);
        } else if (!read.isOk()) {
          end(new Answer<>(read.code(), null, read.sent()));
        } else if (AuditDayRecord.CODEC.decode(read.get().data())
            instanceof Decoded.Value<AuditDayRecord> value) {
          send(new SeenDay(day, true, read.get().stat().getVersion(), value.value()));
        } else {
          log.warn(
              "{}: damaged, or of a later version; {} of {} has no audit entry",
              paths.day(day),
              change.action(),
              change.target());
          sendAlone();
        }
      });
    }

    /** Makes the change without an entry. */
    private void sendAlone() {
      if (ops.isEmpty()) {
        end(Answer.ok(List.of()));
      } else {
        handle.multi(ops, this::end);
      }
    }

    /** Looks for the newest day that is older, which the new one goes on from. */
    private void readBefore(String day) {
      handle.list(paths.folder(), listed -> {
        if (listed.code() == Code.NONODE) {
          send(new SeenDay(day, false, -1, AuditDayRecord.first(null)));
        } else if (!listed.isOk()) {
          end(new Answer<>(listed.code(), null, listed.sent()));
        } else {
          List<String> older = AuditPaths.days(listed.get()).stream()
              .filter(each -> each.compareTo(day) < 0)
              .toList();
          if (older.isEmpty()) {
            send(new SeenDay(day, true, -1, AuditDayRecord.first(null)));
          } else {
            readAnchor(day, older.get(older.size() - 1));
          }
        }
      });
    }

    private void readAnchor(String day, String older) {
      handle.getData(paths.day(older), null, read -> {
        if (!read.isOk() && read.code() != Code.NONODE) {
          end(new Answer<>(read.code(), null, read.sent()));
          return;
        }
        AuditDayRecord.Anchor anchor = null;
        if (read.isOk()
            && AuditDayRecord.CODEC.decode(read.get().data())
                instanceof Decoded.Value<AuditDayRecord> value) {
          anchor = new AuditDayRecord.Anchor(
              older, value.value().count(), value.value().hash());
        }
        send(new SeenDay(day, true, -1, AuditDayRecord.first(anchor)));
      });
    }

    private void send(SeenDay day) {
      tries++;
      List<String> known = identities == null ? List.of() : identities;
      AuditAppend append = AuditAppend.of(
          day,
          paths,
          lists,
          change,
          new AuditAppend.Author(author, known, space.label()),
          space.timekeeper().now());
      List<Op> all = new ArrayList<>(ops);
      all.addAll(append.ops());
      handle.multi(all, answer -> onAnswer(day, append, answer));
    }

    private void onAnswer(SeenDay day, AuditAppend append, Answer<List<OpResult>> answer) {
      seen = answer.isOk() ? append.after() : null; // unknown after a refusal, or without an answer
      int refused = answer.isAnswered() && !answer.isOk() ? Multi.refusedAt(answer) : -1;
      if (answer.isOk()) {
        end(Answer.ok(List.copyOf(answer.get().subList(0, ops.size()))));
      } else if (refused < ops.size()) {
        end(answer);
      } else if (refused == ops.size() && !day.folder() && answer.code() == Code.NOAUTH) {
        log.warn(
            "{}: does not exist, and this client may not create it; {} of {} has no audit entry"
                + " (an admin creates it by `zookit access apply`)",
            paths.folder(),
            change.action(),
            change.target());
        sendAlone();
      } else if (isLasting(answer.code())) {
        end(Answer.of(answer.code()));
      } else {
        retry();
      }
    }

    /** Tells if a refusal stays however often the day is read again. */
    private static boolean isLasting(Code code) {
      return code == Code.NOAUTH || code == Code.INVALIDACL || code == Code.QUOTAEXCEEDED;
    }

    private void retry() {
      if (tries >= MOST_TRIES) {
        end(Answer.of(Code.BADVERSION));
        return;
      }
      space
          .timekeeper()
          .after(
              DELAYS.delay(tries - 1),
              () -> space
                  .loop()
                  .execute(() -> read(AuditPaths.dayOf(space.timekeeper().now()))));
    }

    void end(Answer<List<OpResult>> answer) {
      busy = false;
      space.loop().execute(AuditWriter.this::next);
      reply.accept(answer);
    }
  }
}
