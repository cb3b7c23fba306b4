package io.zookit.core.internal;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkClientBuilder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.zookeeper.ZooKeeper;

/** A client as its siblings see it, for a thread that waits. */
final class Inside implements AutoCloseable {

  final CoreClient client;

  private Inside(ZkClient client) {
    this.client = CoreClient.of(client);
  }

  static Inside connect(ZkClientBuilder builder) {
    return new Inside(builder.connect());
  }

  static Inside of(ZkClient client) {
    return new Inside(client);
  }

  /** Runs something on the loop and hands its result over. */
  <T> T onLoop(Supplier<T> action) {
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

  void doOnLoop(Runnable action) {
    onLoop(() -> {
      action.run();
      return true;
    });
  }

  /** The session in use. */
  WireHandle handle() {
    return onLoop(() -> (WireHandle) client.handle().orElseThrow());
  }

  /** Makes a request on the session in use and waits for its answer. */
  <T> Answer<T> ask(BiConsumer<SessionHandle, Consumer<Answer<T>>> request) {
    return ask(handle(), request);
  }

  <T> Answer<T> ask(SessionHandle handle, BiConsumer<SessionHandle, Consumer<Answer<T>>> request) {
    CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
    client.loop().execute(() -> request.accept(handle, answer::complete));
    return get(answer);
  }

  ZooKeeper zooKeeper() {
    return handle().zooKeeper();
  }

  ZkPath path(String name) {
    return client.rootPath().nested(name);
  }

  /** Makes the folder everything lives under. */
  Inside withRoot() {
    Answer<Boolean> made = ask((handle, reply) -> Folders.root(client).ensure(handle, reply));
    if (!made.isOk()) {
      throw new AssertionError(made);
    }
    return this;
  }

  static <T> T get(CompletableFuture<T> future) {
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
