package io.zookit.testkit.internal.sim;

import io.zookit.core.internal.session.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.Stat;

/**
 * Writes replies and events of one side down in such a way that equal behaviour has equal text: transactions count from
 * the creation of the first node, sessions have numbers, and times are left out.
 */
final class ConformanceFormat {

  private final Map<Long, Integer> sessions = new ConcurrentHashMap<>();
  private final Map<Integer, List<String>> events = new HashMap<>();
  private volatile long base;

  /** Gives a session its number. */
  void session(int number, long id) {
    sessions.put(id, number);
    events.put(number, new CopyOnWriteArrayList<>());
  }

  void base(long zxid) {
    base = zxid;
  }

  Watcher watcher(int session, String label) {
    List<String> received = Objects.requireNonNull(events.get(session));
    return event -> {
      if (event.getType() != Watcher.Event.EventType.None) {
        received.add(text(event) + " to " + label);
      }
    };
  }

  private static String text(WatchedEvent event) {
    return event.getType() + " " + event.getPath();
  }

  List<String> takeEvents(int session) {
    List<String> received = Objects.requireNonNull(events.get(session));
    List<String> taken = new ArrayList<>(received);
    received.clear();
    return taken;
  }

  <T> String text(Answer<T> answer, Function<T, String> value) {
    String refusal = answer.value() instanceof List<?> results ? " " + results(results) : "";
    return answer.isOk() ? "OK " + value.apply(answer.get()) : answer.code() + refusal;
  }

  String text(Stat stat) {
    long owner = stat.getEphemeralOwner();
    String by = owner == 0 ? "nobody" : "s" + sessions.get(owner);
    return "[c" + (stat.getCzxid() - base) + " m" + (stat.getMzxid() - base) + " p"
        + (stat.getPzxid() - base) + " v" + stat.getVersion() + " cv" + stat.getCversion() + " av"
        + stat.getAversion() + " of " + by + " length " + stat.getDataLength() + " children "
        + stat.getNumChildren() + "]";
  }

  String results(List<?> results) {
    List<String> texts = new ArrayList<>();
    for (Object result : results) {
      if (result instanceof OpResult.CreateResult created) {
        String stat = created.getStat() == null ? "" : " " + text(created.getStat());
        texts.add("created " + created.getPath() + stat);
      } else if (result instanceof OpResult.SetDataResult set) {
        texts.add("set " + text(set.getStat()));
      } else if (result instanceof OpResult.GetDataResult read) {
        texts.add(data(read.getData()) + " " + text(read.getStat()));
      } else if (result instanceof OpResult.GetChildrenResult listed) {
        texts.add(new TreeSet<>(listed.getChildren()).toString());
      } else if (result instanceof OpResult.ErrorResult error) {
        texts.add(Code.get(error.getErr()).toString());
      } else {
        texts.add(result.getClass().getSimpleName());
      }
    }
    return texts.toString();
  }

  static String data(byte[] data) {
    return new String(data, StandardCharsets.UTF_8);
  }
}
