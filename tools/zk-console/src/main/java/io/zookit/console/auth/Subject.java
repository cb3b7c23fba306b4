package io.zookit.console.auth;

import io.zookit.core.Role;
import java.time.Instant;

/**
 * An authenticated person or program.
 *
 * @param name the author of its changes
 * @param role the role of its requests
 * @param until when it has to authenticate again
 * @param id identifies the session, or the token by its hash
 * @param token the hash of the token that it comes from; empty for a login link
 */
public record Subject(String name, Role role, Instant until, String id, String token) {}
