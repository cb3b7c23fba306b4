package io.zookit.registry;

import io.zookit.core.internal.Answer;
import io.zookit.core.internal.SessionHandle;
import java.util.function.Consumer;

/** A request for which a caller waits. */
@FunctionalInterface
interface Asking<T> {

  void send(SessionHandle handle, Consumer<Answer<T>> reply);
}
