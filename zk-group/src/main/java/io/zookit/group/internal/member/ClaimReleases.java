package io.zookit.group.internal.member;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.PendingRequests;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases of claims, each sent until the claim is certainly gone or its session is over.
 *
 * <pre>
 *   check(~o, version of the claim)   delete(~h)        100 claims to a transaction; a refused one is halved
 * </pre>
 *
 * <p>The version makes it safe to send a release again: once another claim was made it is refused. What a refusal means is read
 * behind a {@code sync}: a claim with another creation transaction, or none, ends the release.
 *
 * <p><i>Threads:</i> on the loop.
 */
final class ClaimReleases implements SessionListener {

  private static final Logger log = LoggerFactory.getLogger(ClaimReleases.class);
  private static final Duration BETWEEN_REFUSALS = Duration.ofSeconds(10);
  private static final int MOST_CLAIMS = 100;
  private static final int MOST_READS = 5;

  /** A claim to release. */
  record ReleasedClaim(String claim, Op createRecord, String record, long czxid, int version) {

    boolean isRecordMissing() {
      return version == MISSING;
    }

    private ReleasedClaim at(int newVersion) {
      return new ReleasedClaim(claim, createRecord, record, czxid, newVersion);
    }
  }

  /** The version of a record that was deleted: the release creates it again, which refuses to be done twice. */
  static final int MISSING = -1;

  /** Claims that are released together. */
  private final class ReleaseBatch implements PendingRequests.RepeatedRequest {
    private final List<ReleasedClaim> claims;

    ReleaseBatch(List<ReleasedClaim> claims) {
      this.claims = claims;
    }

    @Override
    public void send(SessionHandle handle, Consumer<Answer<Boolean>> reply) {
      send(handle, claims, 0, reply);
    }

    private void send(
        SessionHandle handle,
        List<ReleasedClaim> some,
        int reads,
        Consumer<Answer<Boolean>> reply) {
      List<Op> ops = new ArrayList<>();
      for (ReleasedClaim claim : some) {
        ops.add(guards.releaseCheck(claim));
        ops.add(Op.delete(claim.claim, -1));
      }
      handle.multi(ops, answer -> {
        if (answer.isOk()) {
          reply.accept(Answer.ok(true));
        } else if (!answer.isAnswered() || answer.code() == Code.THROTTLEDOP) {
          reply.accept(new Answer<>(answer.code(), null, answer.sent()));
        } else if (some.size() == 1) {
          onRefused(handle, some.get(0), answer, reads, reply);
        } else {
          int half = some.size() / 2;
          BothAnswers both = new BothAnswers(reply);
          send(handle, some.subList(0, half), reads, both::onAnswer);
          send(handle, some.subList(half, some.size()), reads, both::onAnswer);
        }
      });
    }

    private void onRefused(
        SessionHandle handle,
        ReleasedClaim claim,
        Answer<List<OpResult>> refusal,
        int reads,
        Consumer<Answer<Boolean>> reply) {
      handle.sync(new ZkPath(claim.claim), synced -> {});
      Multi.readNodes(handle, List.of(claim.claim, claim.record), nodes -> {
        Answer<SessionHandle.Node> stands = nodes.get(0);
        Answer<SessionHandle.Node> record = nodes.get(1);
        boolean isMine = stands.isOk() && stands.get().stat().getCzxid() == claim.czxid;
        if (stands.code() == Code.NONODE || (stands.isOk() && !isMine)) {
          reply.accept(Answer.ok(true));
        } else if (!stands.isAnswered() || !record.isAnswered()) {
          reply.accept(new Answer<>(Code.CONNECTIONLOSS, null, true));
        } else if (reads == MOST_READS || refusal.code() == Code.NOAUTH) {
          reply.accept(new Answer<>(refusal.code(), null, true));
        } else {
          int version = record.isOk() ? record.get().stat().getVersion() : MISSING;
          send(handle, List.of(claim.at(version)), reads + 1, reply);
        }
      });
    }

    @Override
    public boolean isDoneBy(Code code) {
      return false;
    }

    @Override
    public void onRefused(Code code, boolean isNew) {
      if (isNew) {
        log.warn(
            "{} and {} more: cannot be released ({}); it is tried again every {}",
            claims.get(0).claim,
            claims.size() - 1,
            code,
            BETWEEN_REFUSALS);
      }
    }
  }

  /** Replies when both halves are answered: with the worse of both answers. */
  private static final class BothAnswers {
    private final Consumer<Answer<Boolean>> reply;
    private @Nullable Answer<Boolean> first;

    BothAnswers(Consumer<Answer<Boolean>> reply) {
      this.reply = reply;
    }

    void onAnswer(Answer<Boolean> answer) {
      Answer<Boolean> before = first;
      if (before == null) {
        first = answer;
      } else {
        reply.accept(!before.isAnswered() || answer.isOk() ? before : answer);
      }
    }
  }

  private final PendingRequests<ReleaseBatch> pending;
  private final ClaimGuards guards;

  ClaimReleases(CoreClient client, ClaimGuards guards) {
    this.guards = guards;
    this.pending = new PendingRequests<>(client.loop(), client.timekeeper(), BETWEEN_REFUSALS);
  }

  /** Releases claims of a session; the future is done when all are certainly gone or the session is over. */
  CompletableFuture<Void> release(SessionHandle handle, List<ReleasedClaim> claims) {
    List<CompletableFuture<Void>> parts = new ArrayList<>();
    for (int from = 0; from < claims.size(); from += MOST_CLAIMS) {
      List<ReleasedClaim> part =
          List.copyOf(claims.subList(from, Math.min(claims.size(), from + MOST_CLAIMS)));
      parts.add(pending.add(handle, new ReleaseBatch(part)));
    }
    return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
  }

  @Override
  public void onConnected(SessionHandle handle) {
    pending.onConnected(handle);
  }

  @Override
  public void onSuspect(SessionHandle handle) {}

  @Override
  public void onLost(SessionHandle handle) {
    pending.onLost(handle);
  }
}
