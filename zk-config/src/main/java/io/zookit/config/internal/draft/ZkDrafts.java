package io.zookit.config.internal.draft;

import io.zookit.config.Change;
import io.zookit.config.ConfigConflictException;
import io.zookit.config.ConfigNotFoundException;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import io.zookit.config.Drafts;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.format.Diff;
import io.zookit.config.format.Document;
import io.zookit.config.format.Merge;
import io.zookit.config.internal.head.DraftUse;
import io.zookit.config.internal.model.DraftRecord;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.PackedText;
import io.zookit.config.internal.model.Signatures;
import io.zookit.config.internal.model.Signer;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.CallerIdentity;
import io.zookit.config.internal.zk.ConfigNodes;
import io.zookit.config.internal.zk.Sealer;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.HeaderAndPayload;
import io.zookit.core.internal.codec.SizeLimits;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * The drafts of a namespace, each one node that is replaced by version.
 *
 * <p>Every save has an id of its own, so one whose answer was lost is recognized when it is found in place.
 */
public final class ZkDrafts implements Drafts {

  private final Namespace ns;
  private final StoredConfigReader reader;
  private final ConfigNodes nodes;
  private final Sealer sealer;
  private final CallerIdentity caller;
  private final RequestEditor requests;
  private final Supplier<Instant> clock;

  public ZkDrafts(
      Namespace ns,
      StoredConfigReader reader,
      ConfigNodes nodes,
      Sealer sealer,
      CallerIdentity caller,
      Supplier<Instant> clock) {
    this.ns = ns;
    this.reader = reader;
    this.nodes = nodes;
    this.sealer = sealer;
    this.caller = caller;
    this.requests = new RequestEditor(ns, reader, nodes, caller, clock);
    this.clock = clock;
  }

  @Override
  public List<Draft> list() throws InterruptedException {
    return List.copyOf(all());
  }

  private List<StoredDraft> all() throws InterruptedException {
    List<StoredDraft> drafts = new ArrayList<>();
    for (String name : reader.calls().children(reader.paths().drafts(ns))) {
      stored(name).ifPresent(drafts::add);
    }
    drafts.sort(Comparator.comparing(StoredDraft::name));
    return drafts;
  }

  @Override
  public Optional<Draft> find(String name) throws InterruptedException {
    return stored(name).map(Draft.class::cast);
  }

  private Optional<StoredDraft> stored(String name) throws InterruptedException {
    return reader.calls().read(reader.paths().draft(ns, name)).map(node -> decode(name, node));
  }

  @Override
  public Optional<Draft> holding(Content content) throws InterruptedException {
    Policy policy = reader.policy(ns).policy();
    return holding(content, reader.head(ns).head().stableNumber(), policy).map(Draft.class::cast);
  }

  /** The draft on a release that holds a content; of several, the one that most have approved. */
  public Optional<StoredDraft> holding(Content content, int base, Policy policy)
      throws InterruptedException {
    StoredDraft best = null;
    for (StoredDraft each : all()) {
      if (each.base() == base
          && sealer.isSame(ns, policy, content, each.content())
          && (best == null || approvals(each, policy) > approvals(best, policy))) {
        best = each;
      }
    }
    return Optional.ofNullable(best);
  }

  private static int approvals(StoredDraft draft, Policy policy) {
    return draft.signatures().counted(policy).size();
  }

  /** The part that a draft has in the change that publishes it. */
  public DraftUse use(Draft given) {
    StoredDraft draft = StoredDraft.of(given);
    ZkPath path = reader.paths().draft(ns, draft.name());
    return new DraftUse(
        draft.name(),
        List.of(Op.delete(path.value(), draft.version())),
        () -> requireUnchanged(draft),
        draft.signatures());
  }

  @Override
  public Draft open(String name) throws InterruptedException {
    Optional<Draft> there = find(name);
    if (there.isPresent()) {
      return there.get();
    }
    Head head = reader.present(ns).head();
    Content stable = reader.stable(ns, head, io.zookit.config.format.Format.PROPERTIES);
    return new StoredDraft(
        ns,
        name,
        head.stableNumber(),
        stable,
        "",
        clock.get(),
        "",
        Signatures.NONE,
        StoredDraft.NEW,
        "");
  }

  @Override
  public Draft save(Draft given, Change change) throws InterruptedException {
    StoredDraft draft = requireMine(given);
    Head head = reader.present(ns).head();
    Policy policy = reader.policy(ns).policy();
    Content stable = reader.stable(ns, head, draft.content().format());
    Content sealed = sealer.seal(ns, policy, draft.content(), known(draft, stable));
    List<Signer> authors = Signer.with(draft.signatures().authors(), caller.sign(change.author()));
    return store(
        draft, sealed, change.author(), change.message(), new Signatures(authors, List.of()));
  }

  @Override
  public Draft approve(Draft given, Change change) throws InterruptedException {
    StoredDraft draft = requireMine(given);
    requireSame(
        draft, draft.content(), reader.calls().read(reader.paths().draft(ns, draft.name())));
    Signer approver = caller.sign(change.author());
    Optional<String> objection =
        draft.signatures().objection(approver, reader.policy(ns).policy());
    if (objection.isPresent()) {
      throw new ConfigRefusedException(
          ns, "draft " + draft.name() + " cannot be approved: " + objection.get());
    }
    Signatures signed =
        draft.signatures().with(new Approval(approver.label(), approver.identities(), clock.get()));
    return store(draft, draft.content(), draft.author(), draft.message(), signed);
  }

  @Override
  public List<ApprovalRequest> requests() throws InterruptedException {
    return requests.list();
  }

  @Override
  public Optional<ApprovalRequest> request(String id) throws InterruptedException {
    return requests.find(id);
  }

  @Override
  public ApprovalRequest submit(ApprovalRequest request) throws InterruptedException {
    return requests.submit(request);
  }

  @Override
  public ApprovalRequest approve(ApprovalRequest request, Change change)
      throws InterruptedException {
    return requests.approve(request, change);
  }

  @Override
  public void withdraw(ApprovalRequest request) throws InterruptedException {
    requests.withdraw(request);
  }

  @Override
  public Diff diff(Draft draft) throws InterruptedException {
    requireMine(draft);
    Content base = reader.content(ns, draft.base(), draft.content().format());
    return Sealer.difference("@" + draft.base(), base, "draft " + draft.name(), draft.content());
  }

  @Override
  public Rebase rebase(Draft given) throws InterruptedException {
    StoredDraft draft = requireMine(given);
    Head head = reader.present(ns).head();
    Content theirs = reader.stable(ns, head, draft.content().format());
    Content base = reader.content(ns, draft.base(), theirs.format());
    Merge merge = Merge.of(base.document(), draft.content().document(), theirs.document());
    return new Rebase(
        draft.basedOn(head.stableNumber(), Content.of(merge.merged())), merge.conflicts());
  }

  @Override
  public void discard(Draft given) throws InterruptedException {
    StoredDraft draft = requireMine(given);
    if (!draft.isSaved()) {
      return;
    }
    ZkPath path = reader.paths().draft(ns, draft.name());
    requireSame(draft, draft.content(), reader.calls().read(path));
    Answer<Boolean> deleted =
        reader.calls().ask(path, (handle, reply) -> handle.delete(path, draft.version(), reply));
    if (deleted.code() == Code.BADVERSION) {
      throw conflict(draft, draft.content());
    }
    if (!deleted.isOk() && deleted.code() != Code.NONODE) {
      throw KeeperErrors.of(deleted.code(), path);
    }
  }

  private StoredDraft store(
      StoredDraft draft, Content sealed, String author, String message, Signatures signatures)
      throws InterruptedException {
    PackedText packed = PackedText.of(sealed.text());
    String saveId = UUID.randomUUID().toString();
    DraftRecord record = new DraftRecord(
        draft.base(),
        sealed.format(),
        author,
        clock.get(),
        message,
        saveId,
        signatures.approvals().stream().map(Approval::label).toList(),
        packed.sha256(),
        signatures.authors(),
        signatures.approvals());
    ZkPath path = reader.paths().draft(ns, draft.name());
    byte[] node = encode(record, packed.bytes());
    SizeLimits.serverDefault().requireFits(path, node);
    int version = write(draft, sealed, path, node, saveId);
    return new StoredDraft(
        ns,
        draft.name(),
        draft.base(),
        sealed,
        author,
        record.at(),
        message,
        signatures,
        version,
        saveId);
  }

  private int write(StoredDraft draft, Content sealed, ZkPath path, byte[] node, String saveId)
      throws InterruptedException {
    if (draft.isSaved()) {
      requireSame(draft, sealed, reader.calls().read(path));
    }
    Answer<Stat> written = draft.isSaved()
        ? reader
            .calls()
            .ask(path, (handle, reply) -> handle.setData(path, node, draft.version(), reply))
        : create(path, node);
    if (written.isOk()) {
      return written.get().getVersion();
    }
    Code code = written.code();
    if (code != Code.BADVERSION && code != Code.NODEEXISTS && code != Code.NONODE) {
      throw KeeperErrors.of(code, path);
    }
    Integer mine = versionOf(path, saveId);
    if (mine == null) {
      throw conflict(draft, sealed);
    }
    return mine;
  }

  /** Refuses to use a draft that was saved or discarded since this copy of it was read. */
  void requireUnchanged(StoredDraft draft) throws InterruptedException {
    Optional<SessionHandle.Node> now = reader.calls().read(reader.paths().draft(ns, draft.name()));
    if (now.isEmpty()) {
      throw new ConfigNotFoundException(ns, "draft " + draft.name());
    }
    requireSame(draft, draft.content(), now);
    if (now.get().stat().getVersion() != draft.version()) {
      throw conflict(draft, draft.content());
    }
  }

  /** Throws a conflict if it is another draft now: one that was re-created may have the version of the one before. */
  private void requireSame(StoredDraft draft, Content mine, Optional<SessionHandle.Node> now)
      throws InterruptedException {
    if (now.isPresent() && !saveIdOf(now.get().data()).equals(draft.saveId())) {
      throw conflict(draft, mine);
    }
  }

  private Answer<Stat> create(ZkPath path, byte[] node) throws InterruptedException {
    Answer<SessionHandle.Created> made = nodes.create(path, node);
    return made.isOk() ? Answer.ok(made.get().stat()) : Answer.of(made.code());
  }

  /** The version of the node if it is what was saved under that id, before the answer was lost. */
  private @Nullable Integer versionOf(ZkPath path, String saveId) throws InterruptedException {
    Optional<SessionHandle.Node> node = reader.calls().read(path);
    return node.isPresent() && record(node.get()).saveId().equals(saveId)
        ? node.get().stat().getVersion()
        : null;
  }

  private ConfigConflictException conflict(Draft draft, Content mine) throws InterruptedException {
    Content theirs = find(draft.name()).map(Draft::content).orElse(Content.empty(mine.format()));
    Content base = reader.content(ns, draft.base(), mine.format());
    return new ConfigConflictException(
        ns,
        "draft " + draft.name() + " was changed by somebody else",
        draft.base(),
        draft.base(),
        () -> Sealer.difference("@" + draft.base(), base, "mine", mine),
        () -> Sealer.difference("@" + draft.base(), base, "draft", theirs));
  }

  /** The content that a sealed value may be compared with: the draft as it is saved, else the stable release. */
  private Content known(Draft draft, Content stable) throws InterruptedException {
    return find(draft.name()).map(Draft::content).orElse(stable);
  }

  private StoredDraft requireMine(Draft draft) {
    if (!draft.namespace().equals(ns)) {
      throw new IllegalArgumentException(
          "draft: of " + draft.namespace() + " (expected: of " + ns + ")");
    }
    return StoredDraft.of(draft);
  }

  private StoredDraft decode(String name, SessionHandle.Node node) {
    DraftRecord record = record(node);
    byte[] packed = HeaderAndPayload.parse(node.data()).payload();
    Document text = PackedText.open(
        record.format(), packed, record.sha256(), io.zookit.config.format.DocumentLimits.highest());
    return new StoredDraft(
        ns,
        name,
        record.base(),
        Content.of(text),
        record.author(),
        record.at(),
        record.message(),
        record.signatures(),
        node.stat().getVersion(),
        record.saveId());
  }

  private DraftRecord record(SessionHandle.Node node) {
    byte[] line = HeaderAndPayload.parse(node.data()).header();
    return StoredRelease.value(DraftRecord.CODEC.decode(line), ns + ": draft");
  }

  /** The release that a draft's node is based on; 0 when it cannot be read. */
  public static int baseOf(byte[] data) {
    return recordOf(data).map(DraftRecord::base).orElse(0);
  }

  /** The save that wrote a draft's node; empty when it cannot be read. */
  static String saveIdOf(byte[] data) {
    return recordOf(data).map(DraftRecord::saveId).orElse("");
  }

  private static Optional<DraftRecord> recordOf(byte[] data) {
    return DraftRecord.CODEC.decode(HeaderAndPayload.parse(data).header())
            instanceof Decoded.Value<DraftRecord> read
        ? Optional.of(read.value())
        : Optional.empty();
  }

  private static byte[] encode(DraftRecord record, byte[] packed) {
    return new HeaderAndPayload(DraftRecord.CODEC.encode(record), packed).toBytes();
  }
}
