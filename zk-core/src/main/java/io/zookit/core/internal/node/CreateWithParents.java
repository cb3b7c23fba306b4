package io.zookit.core.internal.node;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/**
 * A request that creates a node below folders that may be missing.
 *
 * <p>If it is answered with {@code NoNode}, the folders are created and the request is sent again, in one flight. The server
 * may remove a folder that is a container between the two, so this is repeated, at most {@value #MOST_TRIES} times in all.
 *
 * <p><i>Failure:</i> a request that is still refused because a folder could not be created is answered with the code of
 * that folder, otherwise with {@code NoNode}. What is not answered is not sent again.
 *
 * <p><i>Threads:</i> used on the loop.
 *
 * <p><i>Cost:</i> one round trip if the folders exist, otherwise two.
 *
 * @param <T> the value of an answer
 */
public final class CreateWithParents<T> {

  /** The most times that a request is sent. */
  static final int MOST_TRIES = 5;

  private final SessionHandle handle;
  private final Folders folders;
  private final Consumer<Consumer<Answer<T>>> request;
  private final Consumer<Answer<T>> reply;
  private Predicate<Answer<T>> missing = answer -> answer.code() == Code.NONODE;
  private int tries;

  private CreateWithParents(
      SessionHandle handle,
      Folders folders,
      Consumer<Consumer<Answer<T>>> request,
      Consumer<Answer<T>> reply) {
    this.handle = handle;
    this.folders = folders;
    this.request = request;
    this.reply = reply;
  }

  /**
   * Creates a node.
   *
   * @param folders what must be above the node
   */
  public static void create(
      SessionHandle handle,
      Folders folders,
      ZkPath path,
      byte[] data,
      List<ACL> acl,
      CreateMode mode,
      Consumer<Answer<SessionHandle.Created>> reply) {
    of(
            handle,
            folders,
            (Consumer<Answer<SessionHandle.Created>> created) ->
                handle.create(path, data, acl, mode, created),
            reply)
        .send();
  }

  /**
   * Returns a request that is not sent.
   *
   * @param folders what must be above the nodes
   * @param request sends the request, once for each try
   */
  public static <T> CreateWithParents<T> of(
      SessionHandle handle,
      Folders folders,
      Consumer<Consumer<Answer<T>>> request,
      Consumer<Answer<T>> reply) {
    return new CreateWithParents<>(handle, folders, request, reply);
  }

  /** Says which answers mean that a folder is missing, where others of the operations can answer with {@code NoNode}. */
  public CreateWithParents<T> missingIf(Predicate<Answer<T>> condition) {
    this.missing = answer -> answer.code() == Code.NONODE && condition.test(answer);
    return this;
  }

  /** Sends the request. */
  public void send() {
    attempt(null);
  }

  /** Creates the folders and sends the request in one flight, where they are probably missing. */
  public void sendWithFolders() {
    AtomicReference<Answer<Boolean>> ready = new AtomicReference<>(Answer.notSent());
    folders.ensure(handle, ready::set);
    attempt(ready);
  }

  private void attempt(@Nullable AtomicReference<Answer<Boolean>> ready) {
    tries++;
    request.accept(answer -> onAnswer(answer, ready == null ? null : ready.get()));
  }

  private void onAnswer(Answer<T> answer, @Nullable Answer<Boolean> folder) {
    if (!missing.test(answer)) {
      reply.accept(answer);
    } else if (folder != null && folder.isAnswered() && !folder.isOk()) {
      reply.accept(new Answer<>(folder.code(), null, folder.sent()));
    } else if (tries < MOST_TRIES) {
      sendWithFolders();
    } else {
      reply.accept(answer);
    }
  }
}
