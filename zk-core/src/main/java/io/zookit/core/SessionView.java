package io.zookit.core;

import java.time.Duration;

/**
 * The session as this process sees it at one instant.
 *
 * <p>The deadline is the <i>send</i> time of the newest own request that was answered, plus the negotiated timeout. It
 * is read from the monotonic clock, so a thread that wakes from a long pause sees the truth before any event arrives.
 * Session ids are never shown, because any client that knows one can end the session.
 *
 * @param state what is known
 * @param remaining time until the deadline; zero unless {@code CONNECTED}
 * @param timeout the negotiated session timeout; zero before the first connection
 */
public record SessionView(SessionState state, Duration remaining, Duration timeout) {}
