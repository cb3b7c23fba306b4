package io.zookit.id.internal.sequence;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.id.IdMismatchException;
import io.zookit.id.IdNotFoundException;
import io.zookit.id.IdReport;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.record.IdNode;
import io.zookit.id.internal.record.IdRecord;
import io.zookit.id.internal.record.RecordState;
import io.zookit.id.internal.record.StoredLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and changes names on behalf of an operator. */
public final class NumberAdmin {

  private static final Logger log = LoggerFactory.getLogger(NumberAdmin.class);

  private final CoreClient client;

  /** The names of a client's root. */
  public NumberAdmin(CoreClient client) {
    this.client = client;
  }

  /** Reads all names. */
  public CompletableFuture<List<IdReport>> list() {
    ZkPath folder = IdNode.folder(client);
    return onLoop(handle -> {
      CompletableFuture<List<IdReport>> done = new CompletableFuture<>();
      handle.sync(folder, synced -> {});
      handle.list(folder, listed -> {
        if (listed.code() == Code.NONODE) {
          done.complete(List.of());
        } else if (!listed.isOk()) {
          done.completeExceptionally(KeeperErrors.of(listed, folder));
        } else {
          List<IdNode> nodes = listed.get().stream()
              .filter(name -> ZkPath.isName(name, name.length()))
              .sorted()
              .map(name -> new IdNode(client, name))
              .toList();
          read(handle, nodes, done);
        }
      });
      return done;
    });
  }

  private static void read(
      SessionHandle handle, List<IdNode> nodes, CompletableFuture<List<IdReport>> done) {
    List<String> paths = new ArrayList<>();
    nodes.forEach(node -> {
      paths.add(node.path().value());
      paths.add(node.counter().value());
    });
    Multi.readNodes(handle, paths, answers -> {
      List<IdReport> reports = new ArrayList<>();
      for (int i = 0; i < nodes.size(); i++) {
        Answer<SessionHandle.Node> record = answers.get(2 * i);
        Answer<SessionHandle.Node> counter = answers.get(2 * i + 1);
        if (!record.isAnswered()) {
          done.completeExceptionally(KeeperErrors.of(record, nodes.get(i).path()));
          return;
        }
        if (record.isOk()) {
          try {
            reports.add(report(nodes.get(i), record.get(), counter));
          } catch (RuntimeException e) {
            log.warn("{} is left out of the list", nodes.get(i), e);
          }
        }
      }
      done.complete(List.copyOf(reports));
    });
  }

  /** Reads one name. */
  public CompletableFuture<IdReport> show(String name) {
    IdNode node = new IdNode(client, name);
    return onLoop(handle -> show(handle, node));
  }

  private static CompletableFuture<IdReport> show(SessionHandle handle, IdNode node) {
    CompletableFuture<IdReport> done = new CompletableFuture<>();
    handle.sync(node.path(), synced -> {});
    List<String> paths = List.of(node.path().value(), node.counter().value());
    Multi.readNodes(handle, paths, answers -> {
      Answer<SessionHandle.Node> record = answers.get(0);
      if (record.code() == Code.NONODE) {
        done.completeExceptionally(
            new IdNotFoundException("ids " + node.name() + ": does not exist"));
      } else if (!record.isOk()) {
        done.completeExceptionally(KeeperErrors.of(record, node.path()));
      } else {
        try {
          done.complete(report(node, record.get(), answers.get(1)));
        } catch (RuntimeException e) {
          done.completeExceptionally(e);
        }
      }
    });
    return done;
  }

  private static IdReport report(
      IdNode node, SessionHandle.Node record, Answer<SessionHandle.Node> counter) {
    IdRecord stored = node.decode(record).record();
    return report(node, stored, counter.isOk() ? counter.get().stat() : null);
  }

  private static IdReport report(IdNode node, IdRecord record, @Nullable Stat counter) {
    return new IdReport(
        node.name(),
        record.kind(),
        state(record.state()),
        record.incarnation(),
        record.generation(),
        counter == null ? OptionalLong.empty() : next(record, counter.getVersion()),
        record.stepOrOne(),
        Optional.ofNullable(record.layout()).map(StoredLayout::toLayout),
        Optional.ofNullable(record.reason()));
  }

  private static IdReport.State state(RecordState state) {
    return switch (state) {
      case OPEN -> IdReport.State.OPEN;
      case MAKING, SEALED -> IdReport.State.SEALED;
      case BLOCKED -> IdReport.State.BLOCKED;
    };
  }

  private static OptionalLong next(IdRecord record, int version) {
    try {
      long next = Math.addExact(record.lastNumber(version), 1);
      return OptionalLong.of(record.atLeast() == null ? next : Math.max(next, record.atLeast()));
    } catch (ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  /** Creates a name, unless it exists. */
  public CompletableFuture<IdReport> create(String kind, String name, long first, long step) {
    IdNode node = new IdNode(client, name);
    return NumberLines.in(client)
        .line(kind, name)
        .createNew(first, step)
        .thenCompose(created -> onLoop(handle -> show(handle, node)));
  }

  /** Raises the next number of a name. */
  public CompletableFuture<IdReport> raise(String name, long atLeast) {
    IdNode node = new IdNode(client, name);
    NumberLines lines = NumberLines.in(client);
    return show(name)
        .thenCompose(before -> {
          if (before.kind().equals(IdRecord.SNOWFLAKE)) {
            throw new IdMismatchException("ids " + name + ": kind snowflake (expected: numbers);"
                + " snowflake ids go on by themselves after the incarnation was raised");
          }
          return lines.line(before.kind(), name).raise(atLeast);
        })
        .thenCompose(raised -> onLoop(handle -> show(handle, node)));
  }

  /** Changes the size of the segments of a name. */
  public CompletableFuture<IdReport> resize(String name, int size) {
    IdNode node = new IdNode(client, name);
    NumberLine line = NumberLines.in(client).line(IdRecord.SEGMENTS, name);
    return line.resize(size).thenCompose(resized -> onLoop(handle -> show(handle, node)));
  }

  private <T> CompletableFuture<T> onLoop(Function<SessionHandle, CompletableFuture<T>> request) {
    return IdCalls.onLoop(client, "ids", request);
  }
}
