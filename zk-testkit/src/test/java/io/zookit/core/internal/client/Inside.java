package io.zookit.core.internal.client;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkClientBuilder;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.WireHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.zookeeper.ZooKeeper;

/** A client as its siblings see it, for a thread that waits. */
public final class Inside implements AutoCloseable {

  public final CoreClient client;

  private Inside(ZkClient client) {
    this.client = CoreClient.of(client);
  }

  public static Inside connect(ZkClientBuilder builder) {
    return new Inside(builder.connect());
  }

  public static Inside of(ZkClient client) {
    return new Inside(client);
  }

  /** Runs something on the loop and hands its result over. */
  public <T> T onLoop(Supplier<T> action) {
    if (client.loop().isCurrent()) {
      throw new IllegalStateException("the loop must not wait for itself");
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    client.loop().execute(() -> {
      try {
        result.complete(action.get());
      } catch (RuntimeException | Error e) {
        result.completeExceptionally(e);
      }
    });
    return get(result);
  }

  public void doOnLoop(Runnable action) {
    onLoop(() -> {
      action.run();
      return true;
    });
  }

  /** The session in use. */
  public WireHandle handle() {
    return onLoop(() -> (WireHandle) client.handle().orElseThrow());
  }

  /** Makes a request on the session in use and waits for its answer. */
  public <T> Answer<T> ask(BiConsumer<SessionHandle, Consumer<Answer<T>>> request) {
    return ask(handle(), request);
  }

  public <T> Answer<T> ask(
      SessionHandle handle, BiConsumer<SessionHandle, Consumer<Answer<T>>> request) {
    CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
    client.loop().execute(() -> request.accept(handle, answer::complete));
    return get(answer);
  }

  public ZooKeeper zooKeeper() {
    return handle().zooKeeper();
  }

  public ZkPath path(String name) {
    return client.rootPath().nested(name);
  }

  /** Makes the folder everything lives under. */
  public Inside withRoot() {
    Answer<Boolean> made = ask((handle, reply) -> Folders.root(client).ensure(handle, reply));
    if (!made.isOk()) {
      throw new AssertionError(made);
    }
    return this;
  }

  public static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(30, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
