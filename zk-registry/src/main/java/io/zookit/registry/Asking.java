package io.zookit.registry;

import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.function.Consumer;

/** A request for which a caller waits. */
@FunctionalInterface
interface Asking<T> {

  void send(SessionHandle handle, Consumer<Answer<T>> reply);
}
