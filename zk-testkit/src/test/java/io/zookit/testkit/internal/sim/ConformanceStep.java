package io.zookit.testkit.internal.sim;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.testkit.internal.sim.ConformanceSide.Action;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.CreateOptions;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs.Ids;

/** One random request, the same for both sides of a conformance test. */
record ConformanceStep(String text, int session, Function<ConformanceFormat, Action> action) {

  /** Makes steps from one seed over a small tree, so that they often concern the same nodes. */
  static final class Source {

    private static final List<String> NAMES =
        List.of("", "/a", "/a", "/b", "/a/x", "/a/y", "/b/x", "/gone");
    private static final List<CreateMode> MODES = List.of(
        CreateMode.PERSISTENT,
        CreateMode.PERSISTENT,
        CreateMode.EPHEMERAL,
        CreateMode.PERSISTENT_SEQUENTIAL,
        CreateMode.EPHEMERAL_SEQUENTIAL,
        CreateMode.CONTAINER);

    private final Random random;
    private final String base;
    private final List<String> sequential = new ArrayList<>();
    private int number;

    Source(Random random, String base) {
      this.random = random;
      this.base = base;
    }

    /** Learns the names of sequential nodes from a reply. */
    void learn(String reply) {
      for (String word : reply.split("[ ,\\[\\]]+", -1)) {
        if (word.startsWith(base) && word.matches(".*\\d{10}")) {
          sequential.add(word);
        }
      }
    }

    ConformanceStep next(int session) {
      number++;
      return switch (random.nextInt(24)) {
        case 0, 1, 2, 3, 20, 21, 22 -> create(session, path(), mode());
        case 4 -> createFolder(session, path(), mode());
        case 5, 6 -> delete(session, path(), version());
        case 7, 8 -> setData(session, path(), version());
        case 9, 10 -> read(session, path());
        case 11 -> exists(session, path());
        case 12 -> children(session, path());
        case 13, 14 -> multi(session);
        case 15 -> multiRead(session);
        case 16 -> ephemerals(session);
        case 17 -> addWatch(session, path());
        case 18 -> removeWatches(session, path());
        default -> random.nextBoolean() ? setAcl(session, path()) : getAcl(session, path());
      };
    }

    /** A request that changes something, for times when another session is cut off. */
    ConformanceStep nextWrite(int session) {
      number++;
      return switch (random.nextInt(4)) {
        case 0, 1 -> create(session, path(), mode());
        case 2 -> setData(session, path(), -1);
        default -> delete(session, path(), -1);
      };
    }

    private String path() {
      if (!sequential.isEmpty() && random.nextInt(6) == 0) {
        return sequential.get(random.nextInt(sequential.size()));
      }
      return base + NAMES.get(random.nextInt(NAMES.size()));
    }

    private CreateMode mode() {
      return MODES.get(random.nextInt(MODES.size()));
    }

    private int version() {
      return random.nextInt(2) == 0 ? -1 : random.nextInt(3);
    }

    private byte[] data() {
      return ("data " + number).getBytes(StandardCharsets.UTF_8);
    }

    private ConformanceStep step(
        int session, String text, Function<ConformanceFormat, Action> action) {
      return new ConformanceStep(number + ": s" + session + " " + text, session, action);
    }

    ConformanceStep create(int session, String path, CreateMode mode) {
      byte[] data = data();
      return step(
          session,
          "create " + mode + " " + path,
          format -> (handle, reply) -> handle.create(
              new ZkPath(path),
              data,
              Ids.OPEN_ACL_UNSAFE,
              mode,
              answer -> reply.accept(format.text(
                  answer, made -> made.path().value() + " " + format.text(made.stat())))));
    }

    private ConformanceStep createFolder(int session, String path, CreateMode mode) {
      byte[] data = data();
      return step(
          session,
          "createFolder " + mode + " " + path,
          format -> (handle, reply) -> handle.createFolder(
              new ZkPath(path),
              data,
              Ids.OPEN_ACL_UNSAFE,
              mode,
              answer -> reply.accept(format.text(answer, String::valueOf))));
    }

    private ConformanceStep delete(int session, String path, int version) {
      return step(
          session,
          "delete " + path + " " + version,
          format -> (handle, reply) -> handle.delete(
              new ZkPath(path),
              version,
              answer -> reply.accept(format.text(answer, String::valueOf))));
    }

    private ConformanceStep setData(int session, String path, int version) {
      byte[] data = data();
      return step(
          session,
          "setData " + path + " " + version,
          format -> (handle, reply) -> handle.setData(
              new ZkPath(path),
              data,
              version,
              answer -> reply.accept(format.text(answer, stat -> format.text(stat)))));
    }

    private ConformanceStep read(int session, String path) {
      boolean watched = random.nextBoolean();
      String label = "w" + number;
      return step(
          session,
          "getData " + path + (watched ? " " + label : ""),
          format -> (handle, reply) -> handle.getData(
              new ZkPath(path),
              watched ? format.watcher(session, label) : null,
              answer -> reply.accept(format.text(
                  answer,
                  node -> ConformanceFormat.data(node.data()) + " " + format.text(node.stat())))));
    }

    private ConformanceStep exists(int session, String path) {
      boolean watched = random.nextInt(4) > 0;
      String label = "w" + number;
      return step(
          session,
          "exists " + path + (watched ? " " + label : ""),
          format -> (handle, reply) -> handle.exists(
              new ZkPath(path),
              watched ? format.watcher(session, label) : null,
              answer -> reply.accept(format.text(answer, stat -> format.text(stat)))));
    }

    private ConformanceStep children(int session, String path) {
      boolean watched = random.nextInt(4) > 0;
      String label = "w" + number;
      return step(
          session,
          "getChildren " + path + (watched ? " " + label : ""),
          format -> (handle, reply) -> handle.getChildren(
              new ZkPath(path),
              watched ? format.watcher(session, label) : null,
              answer -> reply.accept(format.text(
                  answer,
                  children ->
                      new TreeSet<>(children.names()) + " " + format.text(children.stat())))));
    }

    private ConformanceStep multi(int session) {
      List<Op> operations = new ArrayList<>();
      StringBuilder text = new StringBuilder("multi");
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        String path = path();
        int version = version();
        CreateMode mode = mode();
        switch (random.nextInt(6)) {
          case 0, 1 -> {
            operations.add(Op.create(path, data(), Ids.OPEN_ACL_UNSAFE, mode));
            text.append(", create ").append(mode).append(' ').append(path);
          }
          case 2 -> {
            CreateOptions options =
                CreateOptions.newBuilder(Ids.OPEN_ACL_UNSAFE, mode).build();
            operations.add(Op.create(path, data(), options));
            text.append(", create2 ").append(mode).append(' ').append(path);
          }
          case 3 -> {
            operations.add(Op.delete(path, version));
            text.append(", delete ").append(path).append(' ').append(version);
          }
          case 4 -> {
            operations.add(Op.setData(path, data(), version));
            text.append(", setData ").append(path).append(' ').append(version);
          }
          default -> {
            operations.add(Op.check(path, version));
            text.append(", check ").append(path).append(' ').append(version);
          }
        }
      }
      return step(
          session,
          text.toString(),
          format -> (handle, reply) -> handle.multi(
              operations, answer -> reply.accept(format.text(answer, format::results))));
    }

    private ConformanceStep multiRead(int session) {
      List<Op> operations = new ArrayList<>();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        String path = path();
        operations.add(random.nextBoolean() ? Op.getData(path) : Op.getChildren(path));
      }
      List<String> paths = operations.stream().map(Op::getPath).toList();
      return step(
          session,
          "multi reads of " + paths,
          format -> (handle, reply) -> handle.multi(
              operations, answer -> reply.accept(format.text(answer, format::results))));
    }

    private ConformanceStep ephemerals(int session) {
      return step(
          session,
          "getEphemerals",
          format -> (handle, reply) -> handle.getEphemerals(answer -> reply.accept(format.text(
              answer,
              paths -> new TreeSet<>(paths.stream()
                      .map(ZkPath::value)
                      .filter(path -> path.startsWith(base))
                      .toList())
                  .toString()))));
    }

    private ConformanceStep addWatch(int session, String path) {
      AddWatchMode mode =
          random.nextBoolean() ? AddWatchMode.PERSISTENT : AddWatchMode.PERSISTENT_RECURSIVE;
      String label = "w" + number;
      return step(
          session,
          "addWatch " + mode + " " + path + " " + label,
          format -> (handle, reply) -> handle.addWatch(
              new ZkPath(path),
              format.watcher(session, label),
              mode,
              answer -> reply.accept(format.text(answer, String::valueOf))));
    }

    private ConformanceStep removeWatches(int session, String path) {
      List<Watcher.WatcherType> types =
          List.of(Watcher.WatcherType.Children, Watcher.WatcherType.Data, Watcher.WatcherType.Any);
      Watcher.WatcherType type = types.get(random.nextInt(types.size()));
      return step(
          session,
          "removeWatch " + type + " " + path,
          format -> (handle, reply) -> handle.removeWatch(
              new ZkPath(path),
              type,
              event -> {}, // all of them are removed
              answer -> reply.accept(format.text(answer, String::valueOf))));
    }

    private ConformanceStep setAcl(int session, String path) {
      return step(
          session,
          "setAcl " + path,
          format -> (handle, reply) -> handle.setAcl(
              new ZkPath(path),
              Ids.OPEN_ACL_UNSAFE,
              answer -> reply.accept(format.text(answer, String::valueOf))));
    }

    private ConformanceStep getAcl(int session, String path) {
      return step(
          session,
          "getAcl " + path,
          format -> (handle, reply) -> handle.getAcl(
              new ZkPath(path),
              answer -> reply.accept(
                  format.text(answer, list -> list.entries() + " " + format.text(list.stat())))));
    }
  }
}
