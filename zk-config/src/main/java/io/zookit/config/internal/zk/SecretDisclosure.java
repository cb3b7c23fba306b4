package io.zookit.config.internal.zk;

import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.secret.SealedValue;
import io.zookit.core.ZkAccessException;
import io.zookit.core.internal.audit.AuditWriter;
import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.OpResult;

/**
 * Opens the secrets of contents for callers that show them or take them elsewhere. Nothing is returned before an entry of the
 * audit says so.
 */
public final class SecretDisclosure {

  /** The action of the entries. */
  public static final String ACTION = "config.reveal";

  private static final int MOST_TRIES = 5;

  private final CoreClient client;
  private final RepeatedCalls calls;
  private final Sealer sealer;

  SecretDisclosure(CoreClient client, RepeatedCalls calls, Sealer sealer) {
    this.client = client;
    this.calls = calls;
    this.sealer = sealer;
  }

  /**
   * The content with its secrets opened and marked; a content without secrets leaves no entry.
   *
   * @throws io.zookit.config.secret.SecretException if a key is missing; there is no entry then
   * @throws ZkAccessException if this client may not append to the audit
   */
  public Content reveal(Namespace ns, Content content) throws InterruptedException {
    Content revealed = sealer.reveal(ns, content);
    List<String> keys = content.values().entrySet().stream()
        .filter(each -> SealedValue.isSealed(each.getValue()))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
    if (!keys.isEmpty()) {
      enter(ns, keys);
    }
    return revealed;
  }

  /** An entry whose answer is lost is written again: one too many says nothing wrong. */
  private void enter(Namespace ns, List<String> keys) throws InterruptedException {
    AuditedChange entry =
        AuditedChange.of(ACTION, ns.toString()).with(String.join(", ", keys)).byPrograms();
    ZkPath folder = AuditWriter.folder(client.rootPath());
    Answer<List<OpResult>> answer = append(folder, entry);
    for (int tries = 1; answer.code() == Code.BADVERSION && tries < MOST_TRIES; tries++) {
      answer = append(folder, entry);
    }
    if (answer.code() == Code.NOAUTH) {
      throw new ZkAccessException(
          ns + ": its secrets are not opened, because that has to be entered"
              + " into the audit and this client may not append to " + folder
              + " (an admin updates an older root by `zookit access apply`)");
    }
    if (!answer.isOk()) {
      throw KeeperErrors.of(answer.code(), folder);
    }
  }

  private Answer<List<OpResult>> append(ZkPath folder, AuditedChange entry)
      throws InterruptedException {
    return calls.ask(
        folder, (handle, reply) -> client.audit().commit(handle, entry, List.of(), reply));
  }
}
