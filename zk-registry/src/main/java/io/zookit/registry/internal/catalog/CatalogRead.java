package io.zookit.registry.internal.catalog;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.internal.store.StoredInstance;
import io.zookit.registry.policy.ServicePolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;

/**
 * One read of the catalog: of all services, or of what may have changed.
 *
 * <pre>
 *   list the services → list each (buckets, policy) → sizes of the buckets → list the buckets → read policies and nodes
 * </pre>
 *
 * <p>Each step is one flight of requests for {@value Multi#MOST_READS} nodes each, so their number grows with the
 * instances and not with the services. Buckets are listed together as long as their names fit into one packet. A
 * careful read queries the size of each node first, and leaves out those that are larger than they may be; it follows reads
 * that broke the connection. Confined to the loop.
 */
final class CatalogRead {

  /** Names of buckets that are listed by one request: at their greatest length they fill half a packet. */
  private static final int MOST_NAMES = 3_500;

  private final SessionHandle handle;
  private final CoreClient client;
  private final CatalogInvalidations asked;
  private final boolean careful;

  private final Map<String, CatalogEntry> entries = new LinkedHashMap<>();
  private final List<String> gone = new ArrayList<>();
  private final List<String> policies = new ArrayList<>();
  private final List<CatalogNode> nodes = new ArrayList<>();
  private final Map<String, Answer<Node>> changedPolicies = new LinkedHashMap<>();
  private final Map<CatalogNode, Answer<Node>> changedNodes = new LinkedHashMap<>();
  private Consumer<Code> done = code -> {};
  private boolean over;

  CatalogRead(
      SessionHandle handle, CoreClient client, CatalogInvalidations asked, boolean careful) {
    this.handle = handle;
    this.client = client;
    this.asked = asked;
    this.careful = careful;
  }

  CatalogInvalidations asked() {
    return asked;
  }

  /** The services that were read as a whole. */
  Map<String, CatalogEntry> entries() {
    return entries;
  }

  /** The services that were asked for and do not exist. */
  List<String> gone() {
    return gone;
  }

  /** Policies of services that were not read as a whole. */
  Map<String, Answer<Node>> changedPolicies() {
    return changedPolicies;
  }

  /** Nodes of services that were not read as a whole. */
  Map<CatalogNode, Answer<Node>> changedNodes() {
    return changedNodes;
  }

  /**
   * Sends the first requests.
   *
   * @param ended receives {@code OK} when everything that was asked for is answered, or the code with which ZooKeeper did not
   *     answer, or refused to list the services
   */
  void start(Consumer<Code> ended) {
    done = ended;
    ZkPath folder = ServicePaths.services(client);
    if (!asked.all()) {
      listServices(asked.services());
      return;
    }
    handle.list(folder, names -> {
      if (names.isOk()) {
        listServices(names.get());
      } else if (names.code() == Code.NONODE) {
        finish();
      } else {
        toBroken(names.code());
      }
    });
  }

  private void listServices(Collection<String> names) {
    List<ServicePaths> places = names.stream()
        .filter(name -> ZkPath.isName(name, name.length()))
        .map(name -> new ServicePaths(client, name))
        .toList();
    List<String> paths = places.stream().map(place -> place.path().value()).toList();
    Multi.listChildren(handle, paths, whole(answers -> {
      List<CatalogBucket> buckets = new ArrayList<>();
      for (int i = 0; i < places.size(); i++) {
        onService(places.get(i), answers.get(i), buckets);
      }
      measureBuckets(buckets);
    }));
  }

  private void onService(
      ServicePaths place, Answer<List<String>> children, List<CatalogBucket> buckets) {
    if (children.code() == Code.NONODE) {
      gone.add(place.service());
      return;
    }
    CatalogEntry entry = new CatalogEntry(place);
    entries.put(place.service(), entry);
    if (!children.isOk()) {
      entry.unreadable("service " + place.service() + ": cannot be listed, ZooKeeper answered "
          + children.code());
      return;
    }
    for (String child : children.get()) {
      if (child.equals(ServicePaths.POLICY)) {
        policies.add(place.service());
      } else if (ServicePaths.isBucket(child)) {
        buckets.add(new CatalogBucket(place, child));
      }
    }
  }

  /** A bucket that is to be listed. */
  private record CatalogBucket(ServicePaths place, String name) {

    String path() {
      return place.bucket(name).value();
    }
  }

  private void measureBuckets(List<CatalogBucket> buckets) {
    List<String> paths = buckets.stream().map(CatalogBucket::path).toList();
    Multi.readNodes(handle, paths, whole(answers -> {
      List<List<CatalogBucket>> batches = new ArrayList<>();
      List<CatalogBucket> batch = new ArrayList<>();
      int names = 0;
      for (int i = 0; i < buckets.size(); i++) {
        int size = answers.get(i).isOk() ? answers.get(i).get().stat().getNumChildren() : 0;
        if (size > 2 * MOST_NAMES) {
          CatalogBucket tooLong = buckets.get(i);
          entry(tooLong.place).unreadable(tooLong.name + " holds too many nodes to be listed");
          continue;
        }
        if (!batch.isEmpty() && (names + size > MOST_NAMES || batch.size() == Multi.MOST_READS)) {
          batches.add(batch);
          batch = new ArrayList<>();
          names = 0;
        }
        batch.add(buckets.get(i));
        names += size;
      }
      if (!batch.isEmpty()) {
        batches.add(batch);
      }
      listBuckets(batches);
    }));
  }

  private void listBuckets(List<List<CatalogBucket>> batches) {
    Countdown left = new Countdown(batches.size(), this::readPolicies);
    for (List<CatalogBucket> batch : batches) {
      List<String> paths = batch.stream().map(CatalogBucket::path).toList();
      Multi.listChildren(handle, paths, whole(answers -> {
        for (int i = 0; i < batch.size(); i++) {
          onBucket(batch.get(i), answers.get(i));
        }
        left.down();
      }));
    }
    left.check();
  }

  private void onBucket(CatalogBucket bucket, Answer<List<String>> names) {
    if (names.isOk()) {
      for (String name : names.get()) {
        if (NodeName.isValid(name)) {
          nodes.add(new CatalogNode(bucket.place.service(), new NodeRef(bucket.name, name)));
        }
      }
    } else if (names.code() != Code.NONODE) {
      entry(bucket.place)
          .unreadable(bucket.name + " cannot be listed, ZooKeeper answered " + names.code());
    }
  }

  private void readPolicies() {
    List<String> services = new ArrayList<>(policies);
    asked.policies().stream().filter(each -> !entries.containsKey(each)).forEach(services::add);
    List<ZkPath> paths = services.stream()
        .map(service -> new ServicePaths(client, service).policy())
        .toList();
    read(paths, ServicePolicy.MAX_BYTES, answers -> {
      for (int i = 0; i < services.size(); i++) {
        CatalogEntry entry = entries.get(services.get(i));
        if (entry == null) {
          changedPolicies.put(services.get(i), answers.get(i));
        } else {
          entry.readPolicy(answers.get(i));
        }
      }
      readNodes();
    });
  }

  private void readNodes() {
    List<CatalogNode> wanted = new ArrayList<>(nodes);
    asked.nodes().stream()
        .filter(node ->
            !entries.containsKey(node.service()) && NodeName.isValid(node.ref().name()))
        .forEach(wanted::add);
    List<ZkPath> paths = wanted.stream()
        .map(node -> new ServicePaths(client, node.service()).node(node.ref()))
        .toList();
    read(paths, StoredInstance.MAX_BYTES, answers -> {
      for (int i = 0; i < wanted.size(); i++) {
        CatalogNode node = wanted.get(i);
        CatalogEntry entry = entries.get(node.service());
        if (entry == null) {
          changedNodes.put(node, answers.get(i));
        } else {
          entry.read(node.ref(), answers.get(i));
        }
      }
      finish();
    });
  }

  /** Reads nodes; a careful read answers for one that is too large as if its data were refused. */
  private void read(List<ZkPath> paths, int mostBytes, Consumer<List<Answer<Node>>> next) {
    if (!careful) {
      Multi.readNodes(handle, paths.stream().map(ZkPath::value).toList(), whole(next));
      return;
    }
    List<Answer<Node>> answers = new ArrayList<>();
    Countdown left = new Countdown(paths.size(), () -> next.accept(answers));
    for (int i = 0; i < paths.size(); i++) {
      answers.add(Answer.of(Code.NONODE));
      readIfSmall(paths.get(i), i, mostBytes, answers, left);
    }
    left.check();
  }

  private void readIfSmall(
      ZkPath path, int index, int mostBytes, List<Answer<Node>> answers, Countdown left) {
    handle.exists(path, null, stat -> {
      if (!stat.isAnswered()) {
        toBroken(stat.code());
      } else if (!stat.isOk() || stat.get().getDataLength() > mostBytes) {
        answers.set(index, Answer.of(stat.isOk() ? Code.BADARGUMENTS : stat.code()));
        left.down();
      } else {
        handle.getData(path, null, read -> {
          if (read.isAnswered()) {
            answers.set(index, read);
            left.down();
          } else {
            toBroken(read.code());
          }
        });
      }
    });
  }

  private CatalogEntry entry(ServicePaths place) {
    return entries.computeIfAbsent(place.service(), service -> new CatalogEntry(place));
  }

  /** Passes answers on if there are answers to all requests and the read has not ended. */
  private <T> Consumer<List<Answer<T>>> whole(Consumer<List<Answer<T>>> next) {
    return answers -> {
      for (Answer<T> answer : answers) {
        if (!answer.isAnswered()) {
          toBroken(answer.code());
        }
      }
      if (!over) {
        next.accept(answers);
      }
    };
  }

  private void finish() {
    if (!over) {
      over = true;
      done.accept(Code.OK);
    }
  }

  private void toBroken(Code code) {
    if (!over) {
      over = true;
      done.accept(code);
    }
  }

  /** Runs a step after a number of answers. */
  private static final class Countdown {
    private final Runnable step;
    private int left;
    private boolean isRun;

    Countdown(int left, Runnable step) {
      this.left = left;
      this.step = step;
    }

    void down() {
      left--;
      check();
    }

    /** Runs the step if nothing is left; to be called once after all requests were sent. */
    void check() {
      if (left == 0 && !isRun) {
        isRun = true;
        step.run();
      }
    }
  }
}
