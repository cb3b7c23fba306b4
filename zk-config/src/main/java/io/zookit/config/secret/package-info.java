/**
 * Secret values: sealed with AES-256-GCM under data keys, which are wrapped by a key that never touches ZooKeeper.
 *
 * <p>A sealed value is text, {@code {sealed}KEY:NONCE+CIPHERTEXT:MARK}. It is bound to its environment, application,
 * namespace and key, so it means nothing anywhere else. The mark is a keyed digest that tells equal values of one place
 * without opening them.
 */
@NullMarked
package io.zookit.config.secret;

import org.jspecify.annotations.NullMarked;
